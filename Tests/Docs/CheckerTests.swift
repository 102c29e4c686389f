import Testing

/// The checker must be able to fail.
@Suite struct CheckerTests {
  static let page = DocPage(
    """
    # A page
    ```yaml file=a.yaml
    kind: Sink
    ```
    ```console
    $ echo one \\
      two
    one …
    $ false
    ```
    ```sh
    not run
    ```
    ```console other
    $ ctl listen --port 8080
    12:00 … hello
    ```
    """)

  @Test func blocksBecomeSteps() {
    #expect(
      Self.page.steps == [
        .file(name: "a.yaml", text: "kind: Sink\n"), .command("echo one \\\n  two", prints: ["one …"]),
        .command("false", prints: []), .beside("ctl listen --port 8080", prints: ["12:00 … hello"]),
      ])
  }

  @Test func whatIsAsThePageSaysIsNoFault() {
    let output = """
      @@carillon-docs 1
      zero
      one   two
      @@carillon-docs exit 0
      @@carillon-docs 2
      @@carillon-docs exit 0
      @@carillon-docs 3
      12:00  verified  hello (x)
      @@carillon-docs exit 0
      """
    #expect(PageCheck.faults(of: Self.page, output: output).isEmpty)
  }

  @Test func aFailedCommandAMissingLineAndASilentPageAreFaults() {
    let output = "@@carillon-docs 1\ntwo one\n@@carillon-docs exit 0\n@@carillon-docs 2\n@@carillon-docs exit 1\n"
    let faults = PageCheck.faults(of: Self.page, output: output)
    #expect(faults.contains { $0.contains("did not print “one …”") })
    #expect(faults.contains { $0.contains("`false` ended with 1") })
    #expect(faults.contains { $0.contains("listen") && $0.contains("ended with nothing") })
  }

  @Test func specialCharactersStandForThemselves() throws {
    let expression = try Regex(PageCheck.expression("a (1.5 s) [x] $… |"))
    #expect("a  (1.5 s) [x] $9 |".contains(expression))
    #expect(!"a (1x5 s) [x] $9 |".contains(expression))
  }

  @Test func aProgramWithoutAPortIsWaitedForByItsFirstLine() {
    let page = DocPage("<!-- from nothing -->\n```console other\n$ agent run\n… starts …\n```\n")
    #expect(page.isFromNothing && !Self.page.isFromNothing)
    let script = PageScript(page: page, instead: [:]).text
    #expect(script.contains("{ exec agent run\n}"))
    #expect(script.contains("await grep -qE -e '.* +starts +.*' beside-0.txt || "))
  }

  @Test func portsAreReplacedAndWaitedFor() {
    let script = PageScript(page: Self.page, instead: ["8080": "41000"]).text
    #expect(script.contains("ctl listen --port 41000") && script.contains("await opens 41000"))
  }
}
