-- What the engine's tables are today. Any room may read them; none but `record` writes. Golden: a test holds it against the
-- migrations, which say how they came to be. Every row is a projection of case_history (see src/fold.rs).

-- One row for each case: what lists filter by and show, without a join.
create table cases (
    id bigint primary key,
    kind text not null,
    code text not null,
    -- The compiled definition that the case began under and keeps to the end; its text is in case_definitions.
    definition_key text not null,
    definition_version text not null,
    definition_hash text not null,
    -- The room's own state; and what everybody may know: received, in-progress, answered, archived.
    state text not null,
    public_state text not null,
    -- Bits: 1 overdue, 2 extended, 4 waiting, 8 reopened, 16 imported, 32 merged.
    flags bigint not null,
    category text not null,
    -- Keys of areas and units name one version of them: after a merger the successor has another key.
    area text not null,
    unit text not null,
    lat double precision,
    long double precision,
    -- A hundredth of a degree each way: row times 100000 plus column.
    cell bigint,
    title text not null,
    lead text not null,
    priority bigint not null,
    -- 0 public, 1 confidential: never on a map, in a list or in a small count.
    confidentiality bigint not null,
    channel text not null,
    parent bigint references cases (id),
    parent_rule text,
    -- The organisations that helped to bring it, received it, and decide on it.
    helped_by text,
    received_by text,
    decided_by text,
    -- The legal clock's due time: null while it is paused, and where there is none.
    due_at bigint,
    received_at bigint not null,
    published_at bigint,
    closed_at bigint,
    updated_at bigint not null,
    -- The number of lines in the journal. An act is recorded over the version that it saw and no other.
    version bigint not null,
    -- The hash of the last line.
    head bytea not null
);
create unique index cases_code on cases (code);
-- One child for each parent and rule, whoever tries how often.
create unique index cases_child on cases (parent, parent_rule) where parent is not null;
-- The public list, newest first. Each way of narrowing it has one index that it walks from its place on; what else it is narrowed by
-- stands at the index's end, so that entries are passed over without a look at the row. They hold published cases only: writing a
-- new case touches none of them.
create index cases_published on cases (kind, published_at, id) where published_at is not null and confidentiality = 0;
create index cases_published_state on cases (public_state, published_at, id, kind) where published_at is not null and confidentiality = 0;
create index cases_published_area on cases (area, published_at, id, public_state, kind) where published_at is not null and confidentiality = 0;
create index cases_published_area_category on cases (area, category, published_at, id, public_state, kind) where published_at is not null and confidentiality = 0;
create index cases_published_category on cases (category, published_at, id, public_state, kind) where published_at is not null and confidentiality = 0;
create index cases_published_cell on cases (cell, published_at) where published_at is not null and confidentiality = 0;
-- What a unit has open.
create index cases_open_unit on cases (unit, id) where closed_at is null;

-- Who holds the case: a tree. The lead line is a chain without overlap; consultations and coordination stand beside it.
create table case_steps (
    case_id bigint not null references cases (id),
    no bigint not null,
    parent bigint,
    -- lead, coordinate, consult, internal.
    kind text not null,
    name text not null,
    unit text not null,
    position text,
    person bigint,
    note text,
    received_at bigint not null,
    taken_at bigint,
    done_at bigint,
    outcome text,
    returned_why text,
    -- The step's own clock, or the case's.
    due_at bigint,
    primary key (case_id, no)
);
-- A unit's queue: open steps, soonest due first. With what its counts ask for, and the condition itself, which SQLite reads again.
create index case_steps_queue on case_steps (unit, due_at, case_id, no, taken_at, done_at) where done_at is null;
-- The whole city's, for one whose reach holds many units.
create index case_steps_due on case_steps (due_at, case_id, no, unit, taken_at, done_at) where done_at is null;
create index case_steps_person on case_steps (person, due_at, case_id, no, unit, done_at) where done_at is null and person is not null;

-- Several clocks on a case. A due time is stored with how it was counted, and moved by recorded acts only.
create table case_clocks (
    case_id bigint not null references cases (id),
    no bigint not null,
    -- legal, first-response, citizen, step.
    code text not null,
    step bigint,
    rule text not null,
    calendar text not null,
    -- The content of the calendar that the due time was counted by.
    calendar_version text not null,
    -- running, paused, stopped.
    state text not null,
    started_at bigint not null,
    due_at bigint,
    -- What a pause froze, in the rule's own unit, as JSON.
    left_over text,
    explanation text,
    paused_at bigint,
    breached_at bigint,
    stopped_at bigint,
    stopped_why text,
    before_stop text,
    primary key (case_id, no)
);
-- The clocks that may run out next.
create index case_clocks_due on case_clocks (due_at, case_id, no) where state = 'running' and breached_at is null;

-- The clocks' ledger.
create table case_clock_entries (
    case_id bigint not null references cases (id),
    seq bigint not null,
    no bigint not null,
    clock bigint not null,
    -- start, pause, resume, extend, recompute, breach, stop, restore.
    kind text not null,
    at bigint not null,
    due_at bigint,
    reason text,
    primary key (case_id, seq, no)
);

-- What comes in: photos, scans, records taken from a register.
create table case_papers (
    case_id bigint not null references cases (id),
    no bigint not null,
    requirement text,
    kind text not null,
    source text not null,
    -- The content hash, in foundation/files.
    file text,
    record text,
    -- pending, accepted, refused.
    state text not null,
    reason text,
    assessor bigint,
    added_at bigint not null,
    assessed_at bigint,
    primary key (case_id, no)
);
create index case_papers_file on case_papers (file) where file is not null;

-- What the city writes: answers, letters, decisions.
create table case_documents (
    case_id bigint not null references cases (id),
    no bigint not null,
    kind text not null,
    -- drafted, proposed, approved, signed, numbered, issued.
    stage text not null,
    -- The stages of this one, and which of them must not be done by one person, as JSON.
    route text not null,
    body text,
    number text,
    drafted_at bigint not null,
    issued_at bigint,
    primary key (case_id, no)
);

-- Who did what to a document, in which capacity and for whom (ký thay, thừa lệnh).
create table document_acts (
    case_id bigint not null references cases (id),
    seq bigint not null,
    no bigint not null,
    document bigint not null,
    act text not null,
    official bigint,
    name text,
    unit text,
    role text,
    -- own, signed-for (ký thay), signed-by-order (thừa lệnh).
    capacity text,
    for_whom text,
    at bigint not null,
    primary key (case_id, seq, no)
);

-- Who has a part. Who they are is in case_sealed.
create table case_parties (
    case_id bigint not null references cases (id),
    no bigint not null,
    -- reporter, applicant, subject, representative, helper, follower.
    role text not null,
    account bigint,
    represents bigint,
    mandate text,
    since bigint not null,
    until bigint,
    erased_at bigint,
    primary key (case_id, no)
);
create index case_parties_account on case_parties (account, case_id) where account is not null;

-- One data key for each party of a case, wrapped by the master key. Erasing a party destroys its key.
create table case_keys (
    case_id bigint not null references cases (id),
    party bigint not null,
    wrapped bytea,
    destroyed_at bigint,
    primary key (case_id, party)
);

-- Personal values, sealed with the party's key. The journal holds their salted digests.
create table case_sealed (
    case_id bigint not null references cases (id),
    party bigint not null,
    name text not null,
    seq bigint not null,
    -- Nonce, ciphertext and tag over salt and value; null once erased.
    sealed bytea,
    digest text not null,
    -- A keyed digest of what it can be found by.
    blind bytea,
    primary key (case_id, party, name, seq)
);
create index case_sealed_blind on case_sealed (blind, case_id) where blind is not null;

-- One shape for everything that somebody asks and somebody decides.
create table case_requests (
    case_id bigint not null references cases (id),
    no bigint not null,
    -- extension, reopening, refusal, supplement, withdrawal.
    kind text not null,
    asked_by text not null,
    ground text,
    asked_at bigint not null,
    undo_until bigint,
    decided_by text,
    decided_at bigint,
    granted bigint,
    answer text,
    undone_at bigint,
    primary key (case_id, no)
);

-- How cases belong together. A link stands with the case that it starts from.
create table case_links (
    case_id bigint not null references cases (id),
    no bigint not null,
    -- duplicate-of, part-of, child-of, follows, appeals.
    kind text not null,
    to_case bigint not null references cases (id),
    made_at bigint not null,
    undone_at bigint,
    undone_why text,
    -- Where the case stood before it was merged, as JSON.
    before_it text,
    primary key (case_id, no)
);
create index case_links_to on case_links (to_case, kind, case_id);

-- Private links: only digests. They open one case for one purpose.
create table case_tokens (
    digest bytea primary key,
    case_id bigint not null references cases (id),
    purpose text not null,
    party bigint,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint
);
create index case_tokens_case on case_tokens (case_id);

-- The journal. Lines are added, never changed; only `texts` may lose an entry, when something personal is taken out.
create table case_history (
    id bigint primary key,
    case_id bigint not null references cases (id),
    seq bigint not null,
    -- A reader's place in the journal is a position per node, in commit order. Ids are not in commit order across nodes.
    node bigint not null,
    node_seq bigint not null,
    at bigint not null,
    step bigint,
    prev bytea not null,
    hash bytea not null,
    verb text not null,
    actor text not null,
    -- For whom, on which mandate, why and what the room wrote along, as JSON; texts by their salted digests.
    about text,
    -- What it did, as JSON; texts by their salted digests.
    effects text not null,
    -- The texts with their salts, as JSON, in order; null for one that was taken out. Not covered by the hash.
    texts text,
    -- Salted digests of what was sealed, as JSON.
    sealed text
);
create unique index case_history_case on case_history (case_id, seq);
create unique index case_history_node on case_history (node, node_seq);

-- The last position that a node handed out.
create table case_positions (
    node bigint primary key,
    last bigint not null
);

-- Compiled definitions; the pack's folder is only their source.
create table case_definitions (
    kind text not null,
    key text not null,
    version text not null,
    hash text not null,
    body text not null,
    kept_at bigint not null,
    primary key (kind, key, version)
);

-- Gapless numbers for each body, book and period.
create table number_books (
    body text not null,
    book text not null,
    period text not null,
    last bigint not null,
    primary key (body, book, period)
);

-- Codes of cases: a node takes a block of 1,000 at a time, so that nodes do not queue for one row.
create table case_code_blocks (
    node bigint not null,
    prefix text not null,
    year text not null,
    next bigint not null,
    until bigint not null,
    primary key (node, prefix, year)
);

-- The hourly seals: a signed Merkle root over the heads that changed, chained for each node.
create table case_seals (
    node bigint not null,
    no bigint not null,
    from_seq bigint not null,
    to_seq bigint not null,
    heads bigint not null,
    root bytea not null,
    prev bytea not null,
    at bigint not null,
    signature bytea not null,
    primary key (node, no)
);

-- Fingerprints of the keys this database was written with, so that a wrong key is noticed at start.
create table case_key_checks (
    name text primary key,
    fingerprint bytea not null
);
