#pragma once
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast macro that Swift does not import.
static inline int nabat_sqlite3_bind_text(sqlite3_stmt *_Nonnull statement, int index, const char *_Nonnull text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
static inline int nabat_sqlite3_bind_blob(sqlite3_stmt *_Nonnull statement, int index, const void *_Nullable bytes, int length) {
  return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}
