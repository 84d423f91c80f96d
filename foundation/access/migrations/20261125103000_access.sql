-- Who works here, what they may do and where, who is signed in, and who looked at personal data.
create table access_officials (
    id bigint primary key,
    sign_in text not null unique,
    name text not null,
    -- A PHC string; nothing else of the password is kept.
    password text not null,
    -- Set while the password is a one-time one: after this moment it opens nothing.
    one_time_until bigint,
    -- Rises with every change of password, posts or standing; sessions of an older generation are dead.
    generation bigint not null,
    -- The version of the pack and the day for which access_reach holds this official's rows.
    reach_of text not null,
    created_at bigint not null,
    disabled_at bigint
);

create table access_posts (
    id bigint primary key,
    official_id bigint not null references access_officials (id),
    role text not null,
    unit text not null,
    valid_from text not null,
    valid_to text,
    created_at bigint not null
);
create index access_posts_official on access_posts (official_id, id);
create index access_posts_unit on access_posts (unit, official_id);

-- What posts and roles give today, worked out once, so that a list is filtered inside its own query.
create table access_reach (
    official_id bigint not null references access_officials (id),
    permission text not null,
    unit_key text not null,
    primary key (official_id, permission, unit_key)
);
create index access_reach_unit on access_reach (unit_key, permission, official_id);

create table access_sessions (
    id bigint primary key,
    digest bytea not null unique,
    official_id bigint not null references access_officials (id),
    generation bigint not null,
    device text not null,
    opened_at bigint not null,
    seen_at bigint not null
);
create index access_sessions_official on access_sessions (official_id, id);
create index access_sessions_seen on access_sessions (seen_at);

-- Failures under a digest of the name that was typed, whether or not it is anybody's.
create table access_attempts (
    digest bytea primary key,
    failures bigint not null,
    failed_at bigint not null
);
create index access_attempts_failed on access_attempts (failed_at);

create table access_looks (
    id bigint primary key,
    official_id bigint not null,
    official_name text not null,
    unit text not null,
    role text not null,
    case_code text not null,
    purpose text not null,
    looked_at bigint not null
);
create index access_looks_case on access_looks (case_code, id);
create index access_looks_official on access_looks (official_id, id);

-- What was done to accounts and posts, and by whom.
create table access_acts (
    id bigint primary key,
    acted_at bigint not null,
    by_id bigint,
    by_name text not null,
    verb text not null,
    official_id bigint not null,
    official_name text not null,
    role text,
    unit text
);
create index access_acts_official on access_acts (official_id, id);
