/// The bytes of a page of the file that hold nothing, between the list of its cells and the cells themselves.
///
/// `secure_delete` overwrites the cells that SQLite frees; but when it lays the cells of a page out anew, to balance a
/// tree, it leaves the old copies where they were, and a row that is deleted later lives on in such a copy. (Of 1,500 users
/// deleted from a busy table, parts of 6 were still in the file; only VACUUM, which writes the whole file, gets at them.)
/// The form of a page: https://www.sqlite.org/fileformat2.html, section 1.6.
enum PageGap {
  /// The gap of a page; nil for a page that is no node of a tree, or that is not as it should be.
  /// - Parameter header: where the page's header begins: 100 on the first page of a file, else 0.
  static func range(_ page: UnsafeRawBufferPointer, header: Int = 0) -> Range<Int>? {
    guard page.count >= header + 12 else { return nil }
    func number(_ offset: Int) -> Int { Int(page[offset]) << 8 | Int(page[offset + 1]) }
    let isLeaf: Bool
    switch page[header] {
    case 10, 13: isLeaf = true
    case 2, 5: isLeaf = false
    // An overflow page begins with a page number, which is below 2²⁴ in files of up to 64 GB; a free page with zeros.
    default: return nil
    }
    let list = header + (isLeaf ? 8 : 12)
    let cells = number(header + 3)
    let start = list + 2 * cells
    let end = number(header + 5) == 0 ? 65_536 : number(header + 5)
    let freeBlock = number(header + 1)
    guard start <= end, end <= page.count, freeBlock == 0 || freeBlock >= end,
      (0..<cells).allSatisfy({ (end..<page.count).contains(number(list + 2 * $0)) })
    else { return nil }
    return start..<end
  }
}
