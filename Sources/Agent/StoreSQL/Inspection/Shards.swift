import EventModel
import Store

extension Session {
  /// Free and owned buckets are asked apart, as each kind has an index of its own.
  func shards(now: Timestamp) throws -> [ShardRecord] {
    var records: [Shard: ShardRecord] = [:]
    for owned in ["owner IS NULL", "owner IS NOT NULL"] {
      try query(
        """
        SELECT b.zone_group, b.slot, a.name, count(*), sum(b.count),
          sum(CASE WHEN b.minute <= ?1 THEN b.count ELSE 0 END), min(CASE WHEN b.minute <= ?1 THEN b.minute END)
        FROM bucket b LEFT JOIN agent a ON a.id = b.owner
        WHERE b.closed_at IS NULL AND b.\(owned) GROUP BY b.zone_group, b.slot, a.name ORDER BY a.name
        """
      ).forEach(now) { columns in
        let shard = Shard(zoneGroup: columns.text(0), slot: columns.int32(1))
        var record =
          records[shard] ?? ShardRecord(shard: shard, buckets: 0, events: 0, due: 0, oldestDue: nil, owners: [])
        let buckets = columns.int(3)
        record.buckets += buckets
        record.events += columns.int(4)
        record.due += columns.int(5)
        if let oldest = columns.optionalTime(6) { record.oldestDue = min(record.oldestDue ?? oldest, oldest) }
        if let owner = columns.optionalText(2) { record.owners.append(.init(agent: owner, buckets: buckets)) }
        records[shard] = record
      }
    }
    return records.values.sorted { ($0.shard.zoneGroup, $0.shard.slot) < ($1.shard.zoneGroup, $1.shard.slot) }
  }
}
