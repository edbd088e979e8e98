#include "effects/cases.hpp"

namespace migrate::test {
namespace {

constexpr const char* key_to_ref = "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (ref_id) REFERENCES ref";
constexpr const char* loose_key = "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (ref_id) REFERENCES ref NOT VALID";

sql::Constraint& constraint_of(sql::Model& model) {
  return *std::get<sql::AlterTable>(model.action).commands.front().constraint;
}

void make_not_null(sql::Model& model) {
  auto& constraint = constraint_of(model);
  constraint.kind = sql::ConstraintKind::not_null;
  constraint.columns = {"a"};
  constraint.expression.reset();
}

}  // namespace

std::vector<Case> constraint_cases() {
  return {
      {"", "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)"},
      {"", "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID"},
      {"", "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (ref_id) REFERENCES ref"},
      {"", loose_key, Fixture::plain},
      {"", loose_key, Fixture::partitioned, 18},
      {"CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE part_1 PARTITION OF part FOR "
       "VALUES "
       "FROM (0) TO (1000); INSERT INTO part SELECT generate_series(1, 100)",
       "ALTER TABLE t ADD FOREIGN KEY (ref_id) REFERENCES part"},
      {"", "ALTER TABLE t ADD CONSTRAINT self FOREIGN KEY (ref_id) REFERENCES t"},
      {"", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, a)"},
      {"", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, a) DEFERRABLE"},
      {"ALTER TABLE t DROP CONSTRAINT t_pkey", "ALTER TABLE t ADD PRIMARY KEY (id)"},
      {"ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
       "ALTER TABLE t ADD PRIMARY KEY (id, a)"},
      {"", "ALTER TABLE t ADD CONSTRAINT e EXCLUDE (a WITH =)", Fixture::plain},
      {"CREATE UNIQUE INDEX u ON t (id, a)", "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u", Fixture::plain},
      {"CREATE UNIQUE INDEX u ON t (id)", "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY USING INDEX u",
       Fixture::plain},
      {"ALTER TABLE t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX u ON t (id)",
       "ALTER TABLE t ADD PRIMARY KEY USING INDEX u", Fixture::plain},
      {"ALTER TABLE t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX u ON t (a)",
       "ALTER TABLE t ADD PRIMARY KEY USING INDEX u", Fixture::plain},
      {"", "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a", Fixture::both, 18, 99,
       "ALTER TABLE t ADD CONSTRAINT nn CHECK (a > 0)", make_not_null},
      {"", "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID", Fixture::both, 18, 99,
       "ALTER TABLE t ADD CONSTRAINT nn CHECK (a > 0) NOT VALID", make_not_null},
      {"ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT nn", Fixture::both,
       18},
      {"ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID", "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
       Fixture::both, 18},
      {"ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT positive"},
      {"ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)", "ALTER TABLE t VALIDATE CONSTRAINT positive"},
      {loose_key, "ALTER TABLE t VALIDATE CONSTRAINT fk", Fixture::plain},
      {loose_key, "ALTER TABLE t VALIDATE CONSTRAINT fk", Fixture::partitioned, 18},
      {"ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID",
       "ALTER TABLE t VALIDATE CONSTRAINT positive, ADD COLUMN c int"},
      {key_to_ref, "ALTER TABLE t ALTER CONSTRAINT fk DEFERRABLE"},
      {"ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)", "ALTER TABLE t DROP CONSTRAINT positive"},
      {key_to_ref, "ALTER TABLE t DROP CONSTRAINT fk"},
      {"", "ALTER TABLE t DROP CONSTRAINT t_pkey"},
      {"", "ALTER TABLE t DROP CONSTRAINT IF EXISTS nothing"},
      {"CREATE TABLE child (t_id int REFERENCES t)", "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE"},
      {"ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, a)", "ALTER TABLE t DROP CONSTRAINT u"},
      {"ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)", "ALTER TABLE t RENAME CONSTRAINT positive TO above_zero"},
      {"ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, a)", "ALTER TABLE t RENAME CONSTRAINT u TO unique_one"},
      {"CREATE DOMAIN d AS int; ALTER TABLE t ADD COLUMN k d",
       "ALTER DOMAIN d ADD CONSTRAINT positive CHECK (value > 0)"},
      {"CREATE DOMAIN d AS int; ALTER TABLE t ADD COLUMN k d",
       "ALTER DOMAIN d ADD CONSTRAINT positive CHECK (value > 0) NOT VALID"},
      {"CREATE DOMAIN d AS int; ALTER TABLE t ADD COLUMN k d; ALTER DOMAIN d ADD CONSTRAINT positive CHECK (value > 0) "
       "NOT "
       "VALID",
       "ALTER DOMAIN d VALIDATE CONSTRAINT positive"},
      {"CREATE DOMAIN d AS int; ALTER TABLE t ADD COLUMN k d DEFAULT 1", "ALTER DOMAIN d SET NOT NULL"},
      {"CREATE DOMAIN d AS int NOT NULL DEFAULT 1; ALTER TABLE t ADD COLUMN k d", "ALTER DOMAIN d DROP NOT NULL"},
      {"CREATE DOMAIN d AS int; ALTER TABLE t ADD COLUMN k d", "ALTER DOMAIN d SET DEFAULT 1"},
      {"CREATE DOMAIN d AS int; ALTER TABLE t ADD COLUMN k d", "ALTER DOMAIN d DROP DEFAULT"},
      {"CREATE DOMAIN d AS int CONSTRAINT positive CHECK (value > 0); ALTER TABLE t ADD COLUMN k d",
       "ALTER DOMAIN d DROP CONSTRAINT positive"},
      {"CREATE DOMAIN d AS int; ALTER TABLE t ADD COLUMN k d", "DROP DOMAIN d CASCADE"},
      {"CREATE DOMAIN d AS int", "DROP DOMAIN d"},
      {"", "CREATE DOMAIN d AS int CHECK (value > 0)"},
  };
}

}  // namespace migrate::test
