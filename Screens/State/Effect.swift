import Builders
import Checks
import Features
import Fragments
import Interface
import Processes
import StateFiles

/// What a screen wants done outside of the state; the outcome comes back as a ``Message``.
public enum Effect: Sendable {
  /// Read the inventory, where that takes longer than anybody would wait for a first picture.
  case open
  /// Look what this machine has.
  case inspectMachine
  /// Find out which hosts this machine knows of.
  case findHosts
  /// Run checks. A source of `nil` is chosen by what is installed.
  case runChecks(run: Int, Builder, BuilderTest.Source?, [BuilderTest.Scope])
  /// End a run of checks and all of its commands.
  case cancelRun(Int)
  /// Look at a private key.
  case inspectKey(Ticket, path: String)
  /// Make a key pair.
  case createKey(Ticket, path: String, comment: String)
  /// Find out what writing would do, and whether the fragments parse.
  case plan(Ticket, Inventory)
  /// Write the inventory and its fragments; these hand-edited or obsolete files may go, and those
  /// edited ones stay as they are.
  case write(Ticket, Inventory, replacing: Set<String>, keeping: Set<String>)
  /// Apply the written fragments to the practice machines.
  case applyForPractice(alias: String)
  /// Run a command on a terminal of its own. Those of one connection, which has the number of the
  /// run that opens it, share it.
  case runInTerminal(run: Int, ApplyCommand, connection: Int?)
  /// Type a line and Enter to a command that runs on a terminal of its own.
  case type(run: Int, TypedLine)
  /// Find out how the written fragments are brought to this machine.
  case inspectRepository
  /// Read builders that were configured elsewhere.
  case readImport(Ticket, path: String, into: Inventory)
  /// Tell which machine would get a build.
  case route(run: Int, RouteQuestion, RouteSource)
  /// Build a probe that asks for the same, and look where it goes.
  case proveRoute(run: Int, RouteAnswer, RouteSource)
  /// Measure a builder.
  case measure(run: Int, Builder)
  /// Save a log to a file.
  case save(path: String, log: LogSnapshot)
  /// Save a text to a new file.
  case saveText(path: String, String)
  /// Look at the clock on the wall.
  case tellTime
  /// Read what is remembered of tests.
  case recallTests
  /// Remember a test.
  case remember(FinishedTest)
  /// Keep unsaved answers for the case that the program is killed.
  case keepUnsaved(UnsavedChanges)
  /// Keep none any more.
  case dropUnsaved
  /// Tell from now on when somebody else changes builders.json.
  case watchInventory
  /// Find out how the files and this machine stand to the inventory on disk; not in every detail
  /// for very many builders, unless it is to be thorough.
  case survey(Ticket, Inventory, isThorough: Bool)
  /// Take these bytes for what builders.json holds as far as the session knows; `nil` when it is
  /// gone.
  case adopt([UInt8]?)
  /// Put a text on the clipboard.
  case copy(String)
  /// Leave the program.
  case quit
}

/// What effects bring back.
public enum Message: Sendable {
  /// What was read, or why it could not be.
  case opened(Result<Session, OutputError>)
  /// What this machine has.
  case machine(LocalMachine)
  /// The hosts that this machine knows of, first without what takes its time.
  case hosts([HostCandidate])
  /// The configuration that a run goes by.
  case source(run: Int, BuilderTest.Source)
  /// Something happened in a run of checks.
  case check(run: Int, CheckEvent)
  /// A run of checks is over.
  case ended(run: Int)
  /// What is at a key's path.
  case key(Ticket, KeyPair.State)
  /// A key pair was made, or not.
  case keyCreated(Ticket, Result<String, KeyPairError>)
  /// What writing would do.
  case planned(Ticket, Result<[PlannedFile], OutputError>)
  /// The names of the files that were written.
  case written(Ticket, Result<[String], OutputError>, Inventory)
  /// What was done to the practice machines, line by line, or why not.
  case applied(Result<[String], ApplyError>)
  /// Something happened to a command on a terminal of its own.
  case terminal(run: Int, TerminalCommand.Event)
  /// A command on a terminal of its own is over.
  case terminalEnded(run: Int, TerminalCommand.Result)
  /// How the output directory lies in its repository.
  case repository(Repository)
  /// What an import would bring.
  case imported(Ticket, ImportResult)
  /// Which machine would get a build, or why that cannot be told.
  case routed(run: Int, Result<RouteAnswer, RouteError>)
  /// Where a probe went, or why none was built.
  case routeProven(run: Int, Result<RouteProof, RouteError>)
  /// What is measured of a builder now, and what is known so far.
  case measuring(run: Int, Measure, Measures)
  /// All that was measured of a builder; `nil` when that was cancelled.
  case measured(run: Int, Measures?)
  /// A log or a text was saved, or why not.
  case saved(path: String, problem: String?)
  /// What the clock on the wall shows.
  case time(Moment)
  /// What is remembered of tests.
  case recalled(TestHistory, Moment)
  /// A test of the builder with this alias is remembered now.
  case remembered(alias: String, TestRecord)
  /// How the files and this machine stand to the inventory on disk.
  case surveyed(Ticket, Result<Drift, OutputError>)
  /// Somebody else has changed builders.json; `nil` when it is again as the session knows it.
  case outside(OutsideChange?)
}

/// builders.json as somebody else has made it.
public struct OutsideChange: Sendable {
  /// What it says now, `nil` when it is gone, or why it cannot be read.
  public var content: Result<OutputDirectory.StoredInventory?, OutputError>

  /// Creates a description.
  public init(content: Result<OutputDirectory.StoredInventory?, OutputError>) {
    self.content = content
  }
}

/// A file that would be written.
public struct PlannedFile: Equatable, Sendable {
  /// How it stands to what is on disk.
  public var plan: OutputDirectory.Plan
  /// Why Nix here cannot read it, to be read after its name; `nil` when it can.
  public var problem: String?

  /// Creates a planned file.
  public init(plan: OutputDirectory.Plan, problem: String?) {
    self.plan = plan
    self.problem = problem
  }
}

/// Why the fragments could not be applied.
public struct ApplyError: Error, Equatable, Sendable {
  /// In words.
  public var reason: String

  /// Creates an error.
  public init(reason: String) { self.reason = reason }
}

extension Result<[String], OutputError> {
  /// The names of the files that were written, if they were.
  public var writtenNames: [String]? {
    switch self {
    case .success(let names): names
    case .failure(let error): error.written
    }
  }
}
