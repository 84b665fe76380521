-- +goose Up
-- The log of looks at profile tags (画像标签调用日志): written before the register is
-- asked, never changed but by what came of it. What was said of somebody is not kept.
CREATE TABLE tag_look (
  id       BIGINT PRIMARY KEY,
  at       BIGINT  NOT NULL,
  appeal   BIGINT  NOT NULL,
  actor    BIGINT  NOT NULL,
  unit     TEXT    NOT NULL,          -- of the actor
  subject  TEXT    NOT NULL,          -- resident, enterprise, building
  about    TEXT    NOT NULL,          -- the enterprise's name or code; '' for others
  purpose  TEXT    NOT NULL,
  note     TEXT    NOT NULL,          -- masked: why, in the caller's words
  tags     TEXT    NOT NULL,          -- asked for, with commas
  outcome  TEXT    NOT NULL,          -- asked, answered, failed
  held     INT     NOT NULL,          -- how many of them hold
  receipts TEXT    NOT NULL           -- of the register, with commas
);
CREATE INDEX tag_look_at ON tag_look (at);
CREATE INDEX tag_look_appeal ON tag_look (appeal, at);

-- +goose Down
DROP TABLE tag_look;
