// Columns and constraints of models.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

using Texts = std::vector<std::string>;

Texts describe_column(const std::string& definition) {
  const ReadStatement read("CREATE TABLE t (id int, " + definition + " , last text)");
  const auto& columns = read.as<sql::CreateTable>().columns;
  REQUIRE(columns.size() == 3);
  REQUIRE(read.text(columns[1].range) == definition);
  return describe(read, columns[1].constraints);
}

Texts describe_table(const std::string& constraint) {
  const ReadStatement read("CREATE TABLE t (id int, " + constraint + " , last text)");
  REQUIRE(read.as<sql::CreateTable>().columns.size() == 2);
  return describe(read, read.as<sql::CreateTable>().constraints);
}

std::string describe_added(const std::string& constraint) {
  const ReadStatement read("ALTER TABLE ONLY app.t ADD " + constraint + ", DROP COLUMN old");
  const auto& commands = read.as<sql::AlterTable>().commands;
  REQUIRE(commands.size() == 2);
  REQUIRE(read.text(commands[0].range) == "ADD " + constraint);
  REQUIRE(commands[0].constraint);
  return describe(read, *commands[0].constraint);
}

}  // namespace

TEST_CASE("the constraints of a column stand where they were written, each to its end") {
  CHECK(describe_column("c text") == Texts{});
  CHECK(describe_column("c text NOT NULL DEFAULT 'a, b'") ==
        Texts{"not null (c) {NOT NULL}", "default (c) {DEFAULT 'a, b'} `'a, b'` literal"});
  CHECK(describe_column("c text NULL DEFAULT NULL") ==
        Texts{"null (c) {NULL}", "default (c) {DEFAULT NULL} `NULL` literal null"});
  CHECK(describe_column("c int DEFAULT (1 + f(2, 3)) NOT NULL") ==
        Texts{"default (c) {DEFAULT (1 + f(2, 3))} `(1 + f(2, 3))` functions f/2", "not null (c) {NOT NULL}"});
  CHECK(describe_column("c text[] DEFAULT ARRAY['a', 'b'] COLLATE \"C\" NOT NULL") ==
        Texts{"default (c) {DEFAULT ARRAY['a', 'b']} `ARRAY['a', 'b']` literal", "not null (c) {NOT NULL}"});
  CHECK(describe_column("c int CONSTRAINT c_positive CHECK (c > 0) NO INHERIT CONSTRAINT nn NOT NULL") ==
        Texts{"check c_positive (c) {CONSTRAINT c_positive CHECK (c > 0) NO INHERIT} `c > 0` columns c no inherit",
              "not null nn (c) {CONSTRAINT nn NOT NULL}"});
  CHECK(describe_column("c bigint GENERATED ALWAYS AS IDENTITY (START 5) PRIMARY KEY") ==
        Texts{"identity (c) {GENERATED ALWAYS AS IDENTITY (START 5)}", "primary key (c) {PRIMARY KEY}"});
  CHECK(describe_column("c int GENERATED ALWAYS AS (abs(id)) STORED UNIQUE") ==
        Texts{"generated (c) {GENERATED ALWAYS AS (abs(id)) STORED} `abs(id)` functions abs/1 columns id",
              "unique (c) {UNIQUE}"});
  CHECK(
      describe_column("c int CONSTRAINT \"The Key\" PRIMARY KEY WITH (fillfactor = 70) USING INDEX TABLESPACE fast") ==
      Texts{"primary key The Key (c) "
            "{CONSTRAINT \"The Key\" PRIMARY KEY WITH (fillfactor = 70) USING INDEX TABLESPACE fast}"});
}

TEST_CASE("DEFERRABLE and its like belong to the constraint before them") {
  CHECK(describe_column("c int REFERENCES u DEFERRABLE INITIALLY DEFERRED NOT NULL") ==
        Texts{"foreign key (c) {REFERENCES u DEFERRABLE INITIALLY DEFERRED} deferrable deferred "
              "-> u() on delete NO ACTION on update NO ACTION",
              "not null (c) {NOT NULL}"});
  CHECK(describe_column("c int NOT NULL UNIQUE INITIALLY DEFERRED CHECK (c > 0)") ==
        Texts{"not null (c) {NOT NULL}", "unique (c) {UNIQUE INITIALLY DEFERRED} deferrable deferred",
              "check (c) {CHECK (c > 0)} `c > 0` columns c"});
  CHECK(describe_column("c int UNIQUE NOT DEFERRABLE INITIALLY IMMEDIATE") ==
        Texts{"unique (c) {UNIQUE NOT DEFERRABLE INITIALLY IMMEDIATE}"});
  CHECK(describe_table("UNIQUE (id) DEFERRABLE INITIALLY DEFERRED") ==
        Texts{"unique (id) {UNIQUE (id) DEFERRABLE INITIALLY DEFERRED} deferrable deferred"});
}

TEST_CASE("a foreign key tells what it references and what happens on delete, NO ACTION only where it was written") {
  CHECK(describe_column("c int REFERENCES app.u (id) ON DELETE NO ACTION") ==
        Texts{"foreign key (c) {REFERENCES app.u (id) ON DELETE NO ACTION} "
              "-> app.u(id) on delete NO ACTION written on update NO ACTION"});
  CHECK(describe_column("c int CONSTRAINT fk REFERENCES u ON UPDATE CASCADE") ==
        Texts{"foreign key fk (c) {CONSTRAINT fk REFERENCES u ON UPDATE CASCADE} "
              "-> u() on delete NO ACTION on update CASCADE"});
  CHECK(describe_column("c int REFERENCES u ON UPDATE RESTRICT ON DELETE SET NULL") ==
        Texts{"foreign key (c) {REFERENCES u ON UPDATE RESTRICT ON DELETE SET NULL} "
              "-> u() on delete SET NULL written on update RESTRICT"});
  CHECK(describe_table("CONSTRAINT fk FOREIGN KEY (id, last) REFERENCES u (a, b) MATCH FULL ON DELETE CASCADE") ==
        Texts{"foreign key fk (id,last) "
              "{CONSTRAINT fk FOREIGN KEY (id, last) REFERENCES u (a, b) MATCH FULL ON DELETE CASCADE} "
              "-> u(a,b) on delete CASCADE written on update NO ACTION"});
  CHECK(describe_added("FOREIGN KEY (a) REFERENCES u ON DELETE SET DEFAULT NOT VALID") ==
        "foreign key (a) {FOREIGN KEY (a) REFERENCES u ON DELETE SET DEFAULT NOT VALID} not valid "
        "-> u() on delete SET DEFAULT written on update NO ACTION");
}

TEST_CASE("constraints of tables are read with their columns, expressions and indexes") {
  CHECK(describe_table("PRIMARY KEY (id, \"Last\") INCLUDE (a, b)") ==
        Texts{"primary key (id,Last) {PRIMARY KEY (id, \"Last\") INCLUDE (a, b)} include a,b"});
  CHECK(describe_table("CONSTRAINT k CHECK ((id > 0) AND last <> ')') NO INHERIT") ==
        Texts{"check k () {CONSTRAINT k CHECK ((id > 0) AND last <> ')') NO INHERIT} "
              "`(id > 0) AND last <> ')'` columns id, last no inherit"});
  CHECK(describe_table("EXCLUDE USING gist (room WITH =, tsrange(a, b) WITH &&) WHERE (NOT cancelled)") ==
        Texts{"exclusion (room) {EXCLUDE USING gist (room WITH =, tsrange(a, b) WITH &&) WHERE (NOT cancelled)} "
              "where `NOT cancelled` columns cancelled"});
  CHECK(describe_added("CONSTRAINT k UNIQUE USING INDEX ix_t DEFERRABLE") ==
        "unique k () {CONSTRAINT k UNIQUE USING INDEX ix_t DEFERRABLE} deferrable using ix_t");
  CHECK(describe_added("CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID") ==
        "check k () {CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID} `a IS NOT NULL` columns a proves a not valid");
}

TEST_CASE("the name of a constraint or column stands where its range says, quoted or not") {
  const ReadStatement read(
      "CREATE TABLE t (\"My Col\" int CONSTRAINT Ck CHECK (true), CONSTRAINT \"U\" UNIQUE (\"My Col\"))");
  const auto& table = read.as<sql::CreateTable>();
  const auto& column = table.columns.at(0);
  CHECK(column.name == "My Col");
  CHECK(read.text(column.name_range) == "\"My Col\"");
  CHECK(column.constraints.at(0).name == "ck");
  CHECK(read.text(column.constraints.at(0).name_range) == "Ck");
  CHECK(table.constraints.at(0).name == "U");
  CHECK(read.text(table.constraints.at(0).name_range) == "\"U\"");
  CHECK(column.find(sql::ConstraintKind::check) == &column.constraints[0]);
  CHECK(column.find(sql::ConstraintKind::not_null) == nullptr);
}
