import Testing

@testable import Fragments

@Suite("Nix as it is printed")
struct NixExpressionTests {
  @Test(
    "strings",
    arguments: [
      ("plain", #""plain""#),
      (#"a"b\c"#, #""a\"b\\c""#),
      ("${x} $x $${x} $", #""\${x} $x $\${x} $""#),
      ("a\nb\r\nc\td", #""a\nb\r\nc\td""#),
      ("''${x}''", #""''\${x}''""#),
      ("锻造 🔨", #""锻造 🔨""#),
      ("a\0b", #""ab""#),
    ])
  func strings(_ string: String, _ expected: String) {
    #expect(NixString.quoted(string) == expected)
  }

  @Test(
    "attribute names are quoted where they have to be",
    arguments: [
      ("forge", "forge"), ("a-b_c'1", "a-b_c'1"), ("_x", "_x"), ("forge.lan", #""forge.lan""#),
      ("1st", #""1st""#), ("-x", #""-x""#), ("", #""""#), ("or", #""or""#),
      ("inherit", #""inherit""#), ("${x}", #""\${x}""#), ("é", #""é""#), ("true", "true"),
    ])
  func names(_ name: String, _ expected: String) {
    #expect(NixPrinter.attributeName(name) == expected)
  }

  @Test(
    "numbers have no exponent",
    arguments: [
      (1, "1"), (2.5, "2.5"), (0.1, "0.1"), (0.00001, "0.00001"), (1.25e-7, "0.000000125"),
      (1e6, "1000000"), (1e22, "10000000000000000000000.0"), (1.5e300, nil), (-2, "-2"),
    ] as [(Double, String?)])
  func numbers(_ number: Double, _ expected: String?) {
    if let expected { #expect(decimal(number) == expected) }
    #expect(!decimal(number).contains("e"))
    #expect(Double(decimal(number)) == number)
  }

  @Test("one simple element stays on its line while it fits; the rest is expanded")
  func lists() {
    func text(_ value: NixExpression) -> String { NixPrinter.text(of: [NixBinding("a", value)]) }
    #expect(text(.list([])) == "a = [ ];\n")
    #expect(text(.strings(["x"])) == "a = [ \"x\" ];\n")
    #expect(text(.list([.integer(1), .integer(2)])) == "a = [\n  1\n  2\n];\n")
    #expect(text(.list([.attributes([])])) == "a = [\n  { }\n];\n")
    #expect(text(.attributes([])) == "a = { };\n")
    let fits = String(repeating: "x", count: 89)
    #expect(text(.strings([fits])) == "a = [ \"\(fits)\" ];\n")
    #expect(text(.strings([fits])).count == 101)
    #expect(text(.strings([fits + "x"])) == "a = [\n  \"\(fits)x\"\n];\n")
  }

  @Test("lines stand between '' unless they would need an escape there")
  func lines() {
    func text(_ lines: [String]) -> String {
      NixPrinter.text(of: [NixBinding("a", .lines(lines))])
    }
    #expect(text(["x", "  y", "", "z"]) == "a = ''\n  x\n    y\n\n  z\n'';\n")
    #expect(text(["  x"]) == #"a = "  x\n";"# + "\n")
    #expect(text(["it's"]) == #"a = "it's\n";"# + "\n")
    #expect(text(["${x}", "y"]) == #"a = "\${x}\ny\n";"# + "\n")
    #expect(text(["x "]) == #"a = "x \n";"# + "\n")
  }
}
