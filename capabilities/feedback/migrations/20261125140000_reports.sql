-- What a report has beside its case: what an official made public of it, and where an imported one came from.
-- The sender's own words stand in the journal (`case_history`), sealed contact in `case_sealed`; nothing personal stands here.
create table feedback_reports (
    case_id bigint primary key,
    severity text not null,
    how text not null,
    public_text text,
    public_address text,
    public_photos text not null default '[]',
    answer text,
    answered_at bigint,
    answered_by text,
    archived_why text,
    words bigint not null default 0
);
create table feedback_imports (
    source text not null,
    reference text not null,
    case_id bigint not null,
    digest text not null,
    mapped text not null,
    primary key (source, reference)
);
create index feedback_imports_by_case on feedback_imports (case_id);

-- The folded words of published reports, and of nothing else; db knows what that is on each engine.
create search index feedback_published;
