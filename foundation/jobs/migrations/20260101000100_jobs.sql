-- One row per piece of work that comes again: who holds it, until when, and under which fencing number. A holder that was paused
-- and wakes finds another number, and can write nothing.
create table jobs_leases (
  name text primary key,
  holder text not null,
  until bigint not null,
  fence bigint not null,
  due_at bigint not null,
  ran_at bigint,
  failures bigint not null,
  last_error text
);

-- Work that is done once: tried with growing pauses, set aside as dead after so many attempts, deleted when done.
create table jobs_queue (
  id bigint primary key,
  kind text not null,
  payload text not null,
  unique_key text,
  run_after bigint not null,
  lease_until bigint not null,
  fence bigint not null,
  attempts bigint not null,
  last_error text,
  dead_at bigint,
  unique (kind, unique_key)
);
create index jobs_queue_waiting on jobs_queue (kind, run_after) where dead_at is null;
create index jobs_queue_dead on jobs_queue (dead_at) where dead_at is not null;
