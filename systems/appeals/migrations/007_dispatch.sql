-- +goose Up
-- The models that dispatch was or is advised by. Their files lie in the data
-- folder under models/.
CREATE TABLE dispatch_model (
  id         BIGINT PRIMARY KEY,
  status     TEXT   NOT NULL,      -- champion: in office; past: was; refused: lost the comparison
  trained_at BIGINT NOT NULL,
  cases      BIGINT NOT NULL,      -- that it learned from
  until      BIGINT NOT NULL,      -- when the newest of them was dispatched
  item_hash  TEXT   NOT NULL,      -- SHA-256 of the file that gives the item
  unit_hash  TEXT   NOT NULL,      -- and of the one that gives the unit
  figures    TEXT   NOT NULL,      -- JSON: how it did on cases that it had not seen
  reason     TEXT   NOT NULL,      -- why it has its status
  changed_at BIGINT NOT NULL,
  changed_by BIGINT                -- who rolled back; NULL is the house itself
);
CREATE UNIQUE INDEX dispatch_model_champion ON dispatch_model (status) WHERE status = 'champion';
-- Accepted returns (退单): the unit that it was not.
CREATE TABLE dispatch_return (
  matter BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  theme  TEXT   NOT NULL,          -- the item's class and group (一、二级)
  item   TEXT   NOT NULL,
  street TEXT   NOT NULL,
  unit   TEXT   NOT NULL,
  PRIMARY KEY (matter, at)
);
CREATE INDEX dispatch_return_theme ON dispatch_return (theme, at);
-- +goose Down
DROP TABLE dispatch_return;
DROP TABLE dispatch_model;
