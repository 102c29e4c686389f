import Testing

@testable import StoreSQLite

@Suite struct PageGapTests {
  /// A page of 512 bytes with cells at these places, in the form of the file format's section 1.6.
  private func page(type: UInt8, cells: [Int], start: Int, freeBlock: Int = 0, header: Int = 0) -> [UInt8] {
    var page = [UInt8](repeating: 0xaa, count: 512)
    func put(_ value: Int, _ at: Int) { (page[at], page[at + 1]) = (UInt8(value >> 8), UInt8(value & 255)) }
    page[header] = type
    put(freeBlock, header + 1)
    put(cells.count, header + 3)
    put(start, header + 5)
    let list = header + (type == 10 || type == 13 ? 8 : 12)
    for (index, cell) in cells.enumerated() { put(cell, list + 2 * index) }
    return page
  }

  private func gap(_ page: [UInt8], header: Int = 0) -> Range<Int>? {
    page.withUnsafeBytes { PageGap.range($0, header: header) }
  }

  @Test("the gap lies between the list of cells and the first cell", arguments: [(2, 16), (5, 16), (10, 12), (13, 12)])
  func nodes(_ type: UInt8, _ start: Int) {
    #expect(gap(page(type: type, cells: [500, 400], start: 400)) == start..<400)
    #expect(gap(page(type: type, cells: [], start: 512)) == start - 4..<512)
    #expect(gap(page(type: type, cells: [500, 450], start: 400, freeBlock: 420)) == start..<400)
    #expect(gap(page(type: type, cells: [500, 400], start: 400, header: 100), header: 100) == start + 100..<400)
  }

  @Test("a page that is no node, or not as it should be, is left alone")
  func others() {
    for type in [UInt8](0...255) where ![2, 5, 10, 13].contains(type) {
      #expect(gap(page(type: type, cells: [500], start: 500)) == nil)
    }
    #expect(gap(page(type: 13, cells: [500, 300], start: 400)) == nil, "a cell before the first")
    #expect(gap(page(type: 13, cells: [512], start: 400)) == nil, "a cell beyond the page")
    #expect(gap(page(type: 13, cells: [500], start: 400, freeBlock: 300)) == nil, "a free block in the gap")
    #expect(gap(page(type: 13, cells: [500], start: 513)) == nil, "a start beyond the page")
    #expect(gap(page(type: 13, cells: [500], start: 9)) == nil, "a start within the list")
    #expect(gap(page(type: 13, cells: [500], start: 0)) == nil, "65,536 of a page of 512 bytes")
    #expect(gap([13, 0, 0]) == nil, "a stump")
  }
}
