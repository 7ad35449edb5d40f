import Builders
import Checks
import Features
import Fragments
import StateFiles
import Terminal
import Testing

@testable import Screens

@Suite("What differs") struct DriftScreenTests {
  private func file(
    _ name: String, _ kind: FileDrift.Kind, _ standing: OutputDirectory.Standing,
    from old: String? = "old\n", to new: String = "new\n"
  ) -> FileDrift {
    FileDrift(
      plan: OutputDirectory.Plan(
        fragment: Fragment(fileName: name, text: new), standing: standing, present: old),
      kind: kind)
  }

  private let asInstalled = InstalledDrift(differences: [], isInstalled: true)

  /// The edit by which forge's port has become 2222.
  private let edit: HandEdit = {
    var edited = Inventory.three
    edited.builders[0].port = 2222
    return HandEdit(ofLocal: edited.localValue, in: .three)
  }()

  private func driver(_ drift: Drift, opened: Bool = true) -> Driver {
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 24))
    driver.answer(surveyed: .success(drift))
    if opened {
      driver.press(.character("d"))
      driver.answer(surveyed: .success(drift))
    }
    driver.effects = []
    return driver
  }

  private var edited: Drift {
    Drift(
      files: [
        file("local.nix", .edited(edit), .edited), file("remote-forge.nix", .asWritten, .current),
        file("remote-pi.nix", .missing, .missing, from: nil),
      ],
      installed: InstalledDrift(
        differences: [InstalledDifference("forge", .maxJobs, written: "3", installed: "1")],
        isInstalled: true, others: ["old"]))
  }

  @Test("is looked for at the start, and told in the list")
  func start() {
    var driver = Driver(inventory: .three, size: Size(columns: 100, rows: 24))
    #expect(
      driver.effects.contains { effect in
        if case .survey(_, let inventory, false) = effect { inventory == .three } else { false }
      })
    #expect(!driver.screen.contains("d shows it"))
    driver.answer(surveyed: .success(edited))
    #expect(
      driver.screen.contains("Of the files 1 edited by hand, 1 missing; installed here, forge"))
    #expect(driver.screen.contains("d shows it."))
  }

  @Test("nothing is told where nothing differs, or there is nothing yet")
  func nothing() {
    let driver = driver(
      Drift(files: [file("local.nix", .asWritten, .current)], installed: asInstalled),
      opened: false)
    #expect(!driver.screen.contains("d shows it"))
    let first = Driver()
    #expect(!first.effects.contains { if case .survey = $0 { true } else { false } })
  }

  @Test("is a page of the files and of what is installed")
  func page() {
    let driver = driver(edited)
    #expect(driver.screen.contains("local.nix         ○ edited by hand: forge: port 22 → 2222"))
    #expect(driver.screen.contains("remote-forge.nix  ✓ as written"))
    #expect(driver.screen.contains("remote-pi.nix     ✗ missing"))
    #expect(driver.screen.contains("forge             ○ max jobs 3, installed 1"))
    #expect(driver.screen.contains("old               – installed, and none of the builders"))
  }

  @Test("of very many files only those that differ have a row")
  func manyFiles() {
    var files = (0..<500).map { file("remote-b\($0).nix", .asWritten, .current) }
    files[77].kind = .outOfDate
    let driver = driver(Drift(files: files, installed: asInstalled))
    #expect(driver.screen.contains("remote-b77.nix"))
    #expect(driver.screen.contains("499 more files"))
    #expect(!driver.screen.contains("remote-b78.nix"))
  }

  @Test("an edit is taken over as an answer, and its file is then written without another question")
  func takeOver() {
    var driver = driver(edited)
    driver.press(.enter)
    #expect(driver.screen.contains("answer    forge: port 22 → 2222"))
    driver.press(.enter)
    #expect(driver.wizard.session.inventory.builders[0].port == 2222)
    #expect(driver.wizard.session.isChanged)
    driver.press(.character("w"))
    driver.answer(planned: .success([PlannedFile(plan: edited.files[0].plan, problem: nil)]))
    driver.effects = []
    driver.press(.enter)
    guard case .write(_, let inventory, let replaced, let kept)? = driver.effects.first else {
      Issue.record("nothing is written")
      return
    }
    #expect(inventory.builders[0].port == 2222)
    #expect(replaced == ["local.nix"])
    #expect(kept == [])
  }

  @Test("what was taken over and undone is not replaced without asking")
  func undone() {
    var driver = driver(edited)
    driver.press(.enter, .enter, .escape, .character("u"))
    #expect(driver.wizard.session.inventory == .three)
    driver.press(.character("w"))
    driver.answer(planned: .success([PlannedFile(plan: edited.files[0].plan, problem: nil)]))
    driver.effects = []
    driver.press(.enter)
    #expect(driver.effects.isEmpty)
    #expect(driver.screen.contains("local.nix was edited by hand."))
  }

  @Test("a file that is kept stays while the others are written, as long as it is the same")
  func keep() {
    var driver = driver(edited)
    driver.press(.enter, .down, .enter)
    #expect(driver.screen.contains("○ kept, edited by hand"))
    driver.press(.character("w"))
    var plans = edited.files.map { PlannedFile(plan: $0.plan, problem: nil) }
    driver.answer(planned: .success(plans))
    driver.effects = []
    driver.press(.enter)
    guard case .write(_, _, let replaced, let kept)? = driver.effects.first else {
      Issue.record("nothing is written")
      return
    }
    #expect(replaced == [])
    #expect(kept == ["local.nix"])
    driver.answer(written: .failure(.locked(path: "/etc", owner: "another process")))
    plans[0].plan.present = "edited again\n"
    driver.press(.escape, .character("w"))
    driver.answer(planned: .success(plans))
    driver.effects = []
    driver.press(.enter)
    #expect(driver.effects.isEmpty)
    #expect(driver.screen.contains("local.nix was edited by hand."))
  }

  @Test("what is no answer is named before it would be lost")
  func surplus() {
    let edit = HandEdit(
      ofLocal: .object(["time": .object(["timeZone": .string("UTC")])]), in: Inventory())
    var driver = driver(
      Drift(files: [file("local.nix", .edited(edit), .edited)], installed: asInstalled))
    driver.press(.enter)
    #expect(driver.screen.contains("no answer time.timeZone = \"UTC\""))
    #expect(driver.screen.contains("What is no answer is lost when the file is written."))
    #expect(driver.screen.contains("▸ Keep the file as it is"))
  }

  @Test("a file that Nix cannot read is kept unless one says otherwise")
  func unreadable() {
    var driver = driver(
      Drift(
        files: [file("local.nix", .unreadable("syntax error, at line 3:1"), .edited)],
        installed: asInstalled))
    driver.press(.enter)
    #expect(driver.screen.contains("Nix cannot read it: syntax error, at line 3:1"))
    #expect(driver.screen.contains("▸ Keep the file as it is"))
    driver.press(.escape)
    #expect(driver.wizard.session.decisions == [:])
  }

  @Test("is looked for again after writing")
  func again() {
    var driver = driver(edited, opened: false)
    driver.press(.character("o"), .character("w"))
    driver.effects = []
    let inventory = driver.wizard.session.inventory
    driver.write()
    #expect(
      driver.effects.contains { effect in
        if case .survey(_, let surveyed, _) = effect { surveyed == inventory } else { false }
      })
  }
}
