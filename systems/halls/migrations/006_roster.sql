-- +goose Up
-- What a clerk may serve at a hall (技能). Rows are added alone; the newest of a clerk and
-- a hall holds, and one without any serves all that the window does.
CREATE TABLE hall_skill_set (
  id     BIGINT PRIMARY KEY,
  hall   TEXT   NOT NULL,            -- '' every hall: what was set before it was set by hall
  clerk  BIGINT NOT NULL,
  kinds  TEXT   NOT NULL,            -- by semicolons; * all that the window does
  reason TEXT   NOT NULL,
  actor  BIGINT,
  at     BIGINT NOT NULL
);
CREATE INDEX hall_skill_set_of ON hall_skill_set (clerk, id);
--:sqlite INSERT INTO hall_skill_set (id, hall, clerk, kinds, reason, at) SELECT clerk, '', clerk, group_concat(kind, ';'), '', 0 FROM hall_skill GROUP BY clerk;
--:postgres INSERT INTO hall_skill_set (id, hall, clerk, kinds, reason, at) SELECT clerk, '', clerk, string_agg(kind, ';'), '', 0 FROM hall_skill GROUP BY clerk;
DROP TABLE hall_skill;
-- At which window a shift of the roster (core/account) is.
CREATE TABLE hall_duty (
  shift       BIGINT PRIMARY KEY,
  hall        TEXT   NOT NULL,
  window_code TEXT   NOT NULL
);
CREATE INDEX hall_duty_of ON hall_duty (hall, shift);
-- Bookings again for who had not come too often (恢复预约): what was missed before counts
-- no more.
CREATE TABLE hall_no_show_lift (
  id     BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  hall   TEXT   NOT NULL,            -- whose manager lifted it
  reason TEXT   NOT NULL,
  actor  BIGINT,
  at     BIGINT NOT NULL
);
CREATE INDEX hall_no_show_lift_of ON hall_no_show_lift (person, at);
CREATE INDEX hall_ticket_no_show ON hall_ticket (slot) WHERE state = 'archived' AND no = '';
-- +goose Down
DROP INDEX hall_ticket_no_show;
DROP TABLE hall_no_show_lift;
DROP TABLE hall_duty;
CREATE TABLE hall_skill (
  clerk BIGINT NOT NULL,
  kind  TEXT   NOT NULL,
  PRIMARY KEY (clerk, kind)
);
DROP TABLE hall_skill_set;
