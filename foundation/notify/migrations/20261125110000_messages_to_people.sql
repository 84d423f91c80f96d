-- What leaves for people. Recipient and words rest sealed: they are personal, and a copied database must not tell them. The blind
-- index finds a person's messages for export and erasure without opening any.
create table notify_messages (
    id bigint primary key,
    kind text not null,
    channel text not null,
    language text not null,
    case_code text,
    person bytea not null,
    sealed bytea,
    state text not null,
    attempts bigint not null,
    next_at bigint not null,
    provider text,
    error text,
    created_at bigint not null,
    sent_at bigint
);
create index notify_messages_due on notify_messages (next_at, id) where state = 'waiting';
create index notify_messages_person on notify_messages (person);
