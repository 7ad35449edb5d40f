import Testing

@testable import Fragments

/// Where a module that somebody has written stands to an import.
@Suite struct ImportsListTests {
  private func standing(_ module: String) -> ImportsList.Standing {
    ImportsList.standing(of: "./remote-forge.nix", in: module)
  }

  @Test("into the list as NixOS generates it")
  func generated() {
    let module = """
      # imports = [ ./remote-forge.nix ];
      { config, pkgs, ... }:

      {
        imports =
          [ # Include the results of the hardware scan.
            ./hardware-configuration.nix
          ];

        environment.etc.note.text = "imports = [";
      }

      """
    let expected = """
      # imports = [ ./remote-forge.nix ];
      { config, pkgs, ... }:

      {
        imports =
          [ # Include the results of the hardware scan.
            ./remote-forge.nix
            ./hardware-configuration.nix
          ];

        environment.etc.note.text = "imports = [";
      }

      """
    #expect(
      standing(module)
        == .addable(.init(line: 6, text: "      ./remote-forge.nix", result: expected)))
  }

  @Test("into an empty list, two columns further in than its end")
  func empty() {
    #expect(
      standing("{\n  imports = [\n  ];\n}\n")
        == .addable(
          .init(
            line: 2, text: "    ./remote-forge.nix",
            result: "{\n  imports = [\n    ./remote-forge.nix\n  ];\n}\n")))
  }

  @Test(
    "an import that is there is found",
    arguments: [
      "{ imports = [ ./remote-forge.nix ]; }",
      "{\n  imports = [\n    ./remote-forge.nix\n  ];\n}\n",
      "{ imports = [./a.nix] ++ [(./remote-forge.nix)]; }",
    ])
  func present(module: String) {
    #expect(standing(module) == .present)
  }

  @Test(
    "what is not plain is left to the person",
    arguments: [
      "", "{ }", "{ imports = [ ./a.nix ]; }", "{ imports = import ./all.nix; }",
      "{ imports = map f [\n  ./a.nix\n]; }", "{ imports = [\n]; home = { imports = [\n]; }; }",
      "{ text = ''\n  imports = [\n  ]\n''; }", "{ imports = [ ./remote-forge.nix.old ]; }",
    ])
  func unclear(module: String) {
    #expect(standing(module) == .unclear)
  }
}
