import StoreSQL

extension MovedTable {
  /// All tables, in the order in which they are moved: buckets before what is in them.
  static let all = people + routing + access + ledger + records

  /// Tables that are not moved: what each backend keeps of itself.
  static let local: Set<String> = ["schema_version", "grdb_migrations", "sqlite_sequence"]

  /// Numbers of `meta` that say something of one store alone.
  static let localCounters: [Session.Counter] = [.receiptFloor, .vacuumOwed, .scrubOwed, .movingSince, .movedAt]

  static func named(_ name: String) -> MovedTable? { all.first { $0.name == name } }

  private static let people = [
    MovedTable(
      "meta", integers: "value", texts: "key",
      condition: "key NOT IN (\(localCounters.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"),
    MovedTable("namespace", integers: "id", texts: "name"),
    MovedTable(
      "user", integers: "id namespace paused revision created_at updated_at",
      texts: """
        name display_name given_name family_name nickname locale time_zone dates addresses attributes
        """),
    MovedTable(
      "schedule",
      integers: """
        number namespace user gap fold catch_up_mode catch_up_window state is_one_off start_at revision created_at
        updated_at is_test is_erased
        """, texts: "name event_type definition queue time_zone"),
    MovedTable(
      "plan",
      integers: """
        schedule revision is_replan look_at slot cursor_instant cursor_is_start cursor_civil cursor_ordinal
        """, texts: "next_key error cursor_key"),
    MovedTable("idempotency", integers: "namespace schedule", texts: "event_type key occurrence"),
    MovedTable("occurrence_exception", integers: "schedule action moved_to created_at", texts: "key reason"),
  ]

  private static let routing = [
    MovedTable(
      "queue",
      integers: """
        priority reserve weight batch send_deadline retry_attempts retry_base retry_cap expires_after paused revision
        """, texts: "name allowed_sinks", reals: "rate_per_second"),
    MovedTable("queue_alias", integers: "", texts: "name queue"),
    MovedTable(
      "sink", integers: "number namespace in_flight on_unknown revision is_deleted",
      texts: "name plugin configuration address_kind disabled_reason limits"),
    MovedTable(
      "subscription", integers: "id namespace sink revision since until", texts: "name event_type filter options"),
    MovedTable(
      "template", integers: "id namespace sink revision", texts: "name event_type locale locale_key title text html"),
    MovedTable("stop_order", integers: "id at", texts: "actor reason"),
  ]

  private static let access = [
    MovedTable(
      "access_token", integers: "role expires_at created_at revoked_at",
      texts: "id digest namespace description creator"),
    MovedTable("access_grant", integers: "role created_at", texts: "id identity namespace creator"),
    MovedTable("access_denial", integers: "created_at", texts: "id certificate identity reason creator"),
  ]

  /// What a bucket says of its rows is made anew from their receipts: the backends keep it differently.
  private static let ledger = [
    MovedTable(
      "agent", integers: "id epoch is_live lease_until started_at released_at", texts: "name version prefers"),
    MovedTable(
      "bucket",
      integers: """
        id minute slot count earliest_due created_at owner epoch claimed_at closed_at routing_revision has_erased
        """, texts: "zone_group queue", bucket: "id", local: ["settled", "xid"]),
    MovedTable(
      "event",
      integers: "bucket seq schedule due_at run_at attempt hop sink first_attempt_at expires_from",
      texts: "key time_zone carry rendered", bucket: "bucket"),
    MovedTable(
      "receipt", integers: "bucket seq id sink outcome closes started_at done_at", texts: "code detail external_id",
      bucket: "bucket", local: ["xid"]),
    MovedTable(
      "command", integers: "bucket id request seq kind due_at state outcome created_at",
      texts: "reason queue time_zone", bucket: "bucket"),
  ]

  private static let records = [
    MovedTable(
      "dead_letter", integers: "id namespace schedule sink due_at died_at attempts",
      texts: "key code detail message queue time_zone"),
    MovedTable(
      "audit", integers: "id at count schedule number person",
      texts: "actor action resource digest reason agent old_values new_values salt content previous hash"),
    MovedTable("audit_chain", integers: "number", texts: "agent hash"),
    MovedTable("audit_anchor", integers: "number at", texts: "agent hash"),
    MovedTable("store_key", integers: "", texts: "name value"),
    MovedTable("creation", integers: "revision person at", texts: "kind namespace request content id"),
    MovedTable("domain_event", integers: "id namespace kind user at sink minute", texts: "detail", local: ["xid"]),
    MovedTable("gone_endpoint", integers: "sink user digest since", texts: "reason"),
    MovedTable(
      "digest", integers: "id namespace sink user opened_at closes_at count most", texts: "subscription"),
    MovedTable("digest_item", integers: "digest number schedule due_at", texts: "key"),
    MovedTable("relay", integers: "namespace kind", texts: "cursor"),
    MovedTable("zone_rules", integers: "digest", texts: "time_zone version"),
  ]
}
