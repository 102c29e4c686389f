extension Schema {
  /// What version 3 adds: an agent's row says which shards it prefers (a JSON array of patterns), and when it left.
  static let version3 = """
    ALTER TABLE agent ADD COLUMN prefers TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE agent ADD COLUMN released_at INTEGER;
    """
}
