// One reader per statement of the tree; read_model.cpp picks.
#pragma once

#include "sql/model/tree.hpp"

namespace migrate::sql {

CreateTable read_create_table(const PgQuery__CreateStmt& statement, const StatementTokens& tokens);
CreateTable read_create_foreign_table(const PgQuery__CreateForeignTableStmt& statement, const StatementTokens& tokens);
// CREATE TABLE AS, CREATE MATERIALIZED VIEW.
Action read_create_as(const PgQuery__CreateTableAsStmt& statement, const StatementTokens& tokens);

AlterTable read_alter_table(const PgQuery__AlterTableStmt& statement, const StatementTokens& tokens);

CreateIndex read_create_index(const PgQuery__IndexStmt& statement, const StatementTokens& tokens);
Action read_reindex(const PgQuery__ReindexStmt& statement, const StatementTokens& tokens);

Drop read_drop(const PgQuery__DropStmt& statement, const StatementTokens& tokens);
// DROP DATABASE, ROLE, TABLESPACE, SUBSCRIPTION, each a node of its own.
Action read_drop_shared(const PgQuery__Node& statement, const StatementTokens& tokens);
Rename read_rename(const PgQuery__RenameStmt& statement, const StatementTokens& tokens);
SetSchema read_set_schema(const PgQuery__AlterObjectSchemaStmt& statement, const StatementTokens& tokens);

CreateSchema read_create_schema(const PgQuery__CreateSchemaStmt& statement, const StatementTokens& tokens);
CreateEnum read_create_enum(const PgQuery__CreateEnumStmt& statement, const StatementTokens& tokens);
// ADD VALUE, RENAME VALUE.
Action read_alter_enum(const PgQuery__AlterEnumStmt& statement, const StatementTokens& tokens);
// Composite, range, base and shell types.
Action read_create_type(const PgQuery__Node& statement, const StatementTokens& tokens);
CreateDomain read_create_domain(const PgQuery__CreateDomainStmt& statement, const StatementTokens& tokens);
AlterDomain read_alter_domain(const PgQuery__AlterDomainStmt& statement, const StatementTokens& tokens);

CreateView read_create_view(const PgQuery__ViewStmt& statement, const StatementTokens& tokens);
CreateTrigger read_create_trigger(const PgQuery__CreateTrigStmt& statement, const StatementTokens& tokens);
CreateFunction read_create_function(const PgQuery__CreateFunctionStmt& statement, const StatementTokens& tokens);
DoBlock read_do(const PgQuery__DoStmt& statement, const StatementTokens& tokens);

// INSERT, UPDATE, DELETE, MERGE.
ChangeRows read_change_rows(const PgQuery__Node& statement, const StatementTokens& tokens);
// SELECT: rows changed in its WITH make it a ChangeRows, INTO a CreateTable.
Action read_select(const PgQuery__SelectStmt& statement, const StatementTokens& tokens);
Copy read_copy(const PgQuery__CopyStmt& statement, const StatementTokens& tokens);

Truncate read_truncate(const PgQuery__TruncateStmt& statement, const StatementTokens& tokens);
LockTable read_lock(const PgQuery__LockStmt& statement, const StatementTokens& tokens);
Vacuum read_vacuum(const PgQuery__VacuumStmt& statement, const StatementTokens& tokens);
Cluster read_cluster(const PgQuery__ClusterStmt& statement, const StatementTokens& tokens);
Transaction read_transaction(const PgQuery__TransactionStmt& statement);
SetVariable read_set_variable(const PgQuery__VariableSetStmt& statement, const StatementTokens& tokens);

Comment read_comment(const PgQuery__CommentStmt& statement, const StatementTokens& tokens);
Privileges read_grant(const PgQuery__GrantStmt& statement, const StatementTokens& tokens);
Privileges read_grant_role(const PgQuery__GrantRoleStmt& statement, const StatementTokens& tokens);
Other read_other(const PgQuery__Node& statement, std::string tag, const StatementTokens& tokens);
// Of ALTER TABLE and CREATE TABLE the table.
Other read_unparsed(std::string tag, const StatementTokens& tokens);

}  // namespace migrate::sql
