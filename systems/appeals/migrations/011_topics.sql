-- +goose Up
-- What several people say about one thing (一类事主题). Its life and what people
-- corrected by hand are topic_event, which is only appended to; topic,
-- topic_member and topic_hand are kept from it and from the messages, and can be
-- made again.
CREATE TABLE topic (
  id         BIGINT PRIMARY KEY,
  state      TEXT   NOT NULL,          -- found, owned, planned, closed, merged, faded
  owner      TEXT   NOT NULL DEFAULT '',
  joined     BIGINT,                   -- the topic that it was merged into
  seq        BIGINT NOT NULL,          -- its last event
  found_at   BIGINT NOT NULL,
  first_at   BIGINT,                   -- none while it has no member
  last_at    BIGINT,
  name       TEXT   NOT NULL,
  messages   BIGINT NOT NULL,
  appellants BIGINT NOT NULL,
  heat       DOUBLE PRECISION NOT NULL,
  body       TEXT   NOT NULL           -- see TopicBody
);
CREATE INDEX topic_heat ON topic (state, heat);
CREATE TABLE topic_member (
  appeal BIGINT PRIMARY KEY,
  topic  BIGINT NOT NULL,
  at     BIGINT NOT NULL,              -- when the appeal was filed
  hand   BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX topic_member_topic ON topic_member (topic, at);
CREATE TABLE topic_event (
  topic BIGINT NOT NULL,
  seq   BIGINT NOT NULL,
  at    BIGINT NOT NULL,
  actor BIGINT,                        -- none: the house itself
  unit  TEXT   NOT NULL DEFAULT '',
  kind  TEXT   NOT NULL,
  data  TEXT   NOT NULL,
  PRIMARY KEY (topic, seq)
);
CREATE TABLE topic_hand (
  appeal BIGINT  NOT NULL,
  topic  BIGINT  NOT NULL,
  keep   BOOLEAN NOT NULL,             -- belongs to it, or never does
  PRIMARY KEY (appeal, topic)
);
CREATE TABLE topic_alarm (
  id     BIGINT PRIMARY KEY,
  topic  BIGINT NOT NULL,
  kind   TEXT   NOT NULL,              -- frequent, sudden, one_many, many_one
  at     BIGINT NOT NULL,
  figure TEXT   NOT NULL
);
CREATE INDEX topic_alarm_topic ON topic_alarm (topic, kind, at);
-- +goose Down
DROP TABLE topic_alarm;
DROP TABLE topic_hand;
DROP TABLE topic_event;
DROP TABLE topic_member;
DROP TABLE topic;
