import Glibc
import Model

/// The tables, and how older ones become newer ones.
enum SQLiteSchema {
  /// Step i brings a database from version i to i + 1. A step that was released is never edited.
  static let steps: [String] = [
    """
    CREATE TABLE clock (row INTEGER PRIMARY KEY CHECK (row = 1), now INTEGER NOT NULL) STRICT;

    CREATE TABLE tape (
      row INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX tape_identity ON tape (kind, source, id) WHERE id <> '';
    CREATE INDEX tape_at ON tape (at);

    CREATE TABLE record (kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key)) STRICT;

    CREATE TABLE journal (
      row INTEGER PRIMARY KEY, id TEXT NOT NULL, time INTEGER NOT NULL, type TEXT NOT NULL, alert TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX journal_alert ON journal (alert) WHERE alert <> '';
    CREATE INDEX journal_time ON journal (time);

    CREATE TABLE outbox (
      row INTEGER PRIMARY KEY, sink TEXT NOT NULL, message TEXT NOT NULL, alert TEXT NOT NULL, seq INTEGER NOT NULL,
      type TEXT NOT NULL, severity TEXT NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL,
      attempts INTEGER NOT NULL, next INTEGER NOT NULL, state TEXT NOT NULL, last_error TEXT
    ) STRICT;
    CREATE INDEX outbox_due ON outbox (sink, state, next);

    CREATE TABLE source (
      source TEXT PRIMARY KEY, last_success INTEGER, last_attempt INTEGER, last_error TEXT, failures INTEGER NOT NULL,
      next INTEGER, etag TEXT, last_modified TEXT, validator_url TEXT
    ) STRICT;
    """,
    // The tables stay. Counts of texts under items stand in records of their own, which older programs would not read.
    "",
    // The body of a message that the journal has word for word stands there alone, in this row.
    "ALTER TABLE outbox ADD COLUMN journal INTEGER;",
    // Whether an endpoint has a message already is asked for every copy.
    "CREATE INDEX IF NOT EXISTS outbox_message ON outbox (message);",
    // The journal becomes a chain; lines from before are in none. Texts of the tape can be purged.
    """
    ALTER TABLE journal ADD COLUMN payload BLOB NOT NULL DEFAULT x'';
    ALTER TABLE journal ADD COLUMN link BLOB NOT NULL DEFAULT x'';
    CREATE TABLE chain (
      row INTEGER PRIMARY KEY CHECK (row = 1), start INTEGER NOT NULL, start_link BLOB NOT NULL, head BLOB NOT NULL
    ) STRICT;
    INSERT INTO chain SELECT 1, coalesce(max(row), 0), x'', x'' FROM journal;
    ALTER TABLE tape ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX outbox_waiting ON outbox (alert) WHERE state = 'waiting';
    CREATE INDEX tape_texts ON tape (at) WHERE purged = 0 AND id <> '';
    """,
  ]

  /// «NABT»: tells our databases from those of other programs.
  private static let applicationID: Int64 = 0x4E41_4254

  /// The version of a database of ours, 0 for an empty one; throws for anything else and for a newer one.
  @discardableResult
  static func recognise(_ connection: SQLiteConnection) throws(StoreError) -> Int {
    let version = Int(try connection.number("PRAGMA user_version") ?? 0)
    let owner = try connection.number("PRAGMA application_id") ?? 0
    let isEmpty = try connection.number("SELECT count(*) FROM sqlite_schema") == 0
    if !isEmpty, owner != applicationID {
      throw .corrupt("\(connection.path): a database of another program: choose another path")
    }
    if version > steps.count { throw .newerSchema(found: version, known: steps.count) }
    return version
  }

  /// Refuses what is not ours or too new, and brings what is older up to date.
  static func prepare(_ connection: SQLiteConnection, access: StoreAccess) throws(StoreError) {
    let path = connection.path
    let version = try recognise(connection)
    if version == steps.count { return }
    guard access == .readWrite else {
      throw .inputOutput("\(path): written by an older Nabat: start the server once to bring it up to date")
    }
    // Room that becomes free can be given back while the server runs; an older file is laid out anew for that.
    if try connection.number("PRAGMA auto_vacuum") != 2 {
      try connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
      if version > 0 { try connection.execute("VACUUM") }
    }
    for (index, step) in steps.enumerated().dropFirst(version) {
      try connection.transaction { () throws(StoreError) in
        try connection.execute(step)
        try connection.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(index + 1)")
      }
    }
  }
}
