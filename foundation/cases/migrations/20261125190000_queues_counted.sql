-- The numbers on the queue's views come from these indexes alone, also on an engine that reads a partial index's own condition again.
drop index case_steps_queue;
create index case_steps_queue on case_steps (unit, due_at, case_id, no, taken_at, done_at) where done_at is null;
drop index case_steps_due;
create index case_steps_due on case_steps (due_at, case_id, no, unit, taken_at, done_at) where done_at is null;
drop index case_steps_person;
create index case_steps_person on case_steps (person, due_at, case_id, no, unit, done_at) where done_at is null and person is not null;
