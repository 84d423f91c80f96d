-- Answers by submission key (rule R2): one per scope and key, kept for at least thirty days.
create table db_keys (
  scope text not null,
  key text not null,
  answer text not null,
  at bigint not null,
  primary key (scope, key)
);
create index db_keys_at on db_keys (at);

-- One row per writer of a node: the number of its last batch, which tells after a cut connection whether the commit arrived,
-- and the ids it has promised itself.
create table db_nodes (
  node bigint not null,
  writer bigint not null,
  batch bigint not null,
  reserved bigint not null,
  primary key (node, writer)
);
