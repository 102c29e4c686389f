import Testing

@testable import StorePostgreSQL

@Suite("Parameters in SQL")
struct SQLTextTests {
  @Test(
    "question marks become numbers, but for those in quotes and comments",
    arguments: [
      ("SELECT 1", "SELECT 1", 0),
      ("a = ? AND b = ?", "a = $1 AND b = $2", 2),
      ("a = ?1 AND b = ?1 AND c = ?", "a = $1 AND b = $1 AND c = $2", 2),
      ("a = ?3 AND b = ?", "a = $3 AND b = $4", 4),
      ("a = ?12", "a = $12", 12),
      ("a = $2 AND b = ?", "a = $2 AND b = $3", 3),
      ("'it''s ?' || ?", "'it''s ?' || $1", 1),
      ("\"?\" = ?", "\"?\" = $1", 1),
      ("a -- ?\n = ?", "a -- ?\n = $1", 1),
      ("a /* ? ?1 */ = ?", "a /* ? ?1 */ = $1", 1),
      ("DO $$ ? $$", "DO $$ ? $$", 0),
      ("'not closed ?", "'not closed ?", 0),
      ("", "", 0),
    ])
  func translates(_ sql: String, _ expected: String, _ parameters: Int) {
    let text = SQLText(sql)
    #expect(text.text == expected)
    #expect(text.parameters == parameters)
  }
}
