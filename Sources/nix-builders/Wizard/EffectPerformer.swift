import Builders
import Checks
import Features
import Fragments
import Interface
import Nix
import Screens
import SSH
import StateFiles
import Synchronization
import Terminal

/// Carries out what the screens want done, each in a task of its own, and sends back what comes of
/// it.
final class EffectPerformer: Sendable {
  /// Where the outcomes go.
  let mailbox = Mailbox<Message>()
  private let opening: Opening
  private var output: OutputDirectory { opening.output }
  private var keeper: StateKeeper? { opening.keeper }
  private let runs = Mutex<[Int: Task<Void, Never>]>([:])
  /// Tests of many builders wait for each other: each takes processes and descriptors.
  private let turns = Turns(atOnce: 64)
  private let terminals = TerminalRuns()
  private let watcher = Mutex<InventoryWatcher?>(nil)

  /// - Parameter opening: what the session begins with.
  init(_ opening: Opening) { self.opening = opening }

  /// Begins to carry out an effect.
  ///
  /// - Returns: what the terminal itself is to do.
  func perform(_ effect: Effect) -> [TerminalRequest] {
    switch effect {
    case .open: open()
    case .quit: return [.quit]
    case .copy(let text): return [.copy(text)]
    case .inspectMachine: send { .machine(await LocalMachine.inspect()) }
    case .runChecks(let run, let builder, let source, let scopes):
      track(run) { [mailbox, turns] in
        await turns.take {
          await CheckRunner(run: run, builder: builder, mailbox: mailbox).run(scopes, by: source)
        }
      }
    case .findHosts:
      send { [mailbox] in .hosts(await HostSearch.run { await mailbox.send(.hosts($0)) }) }
    case .route(let run, let question, let source):
      begin(run) {
        .routed(
          run: run,
          await Result { () async throws(RouteError) in
            try await source.answer(question)
          })
      }
    case .proveRoute(let run, let answer, let source):
      begin(run) {
        .routeProven(
          run: run,
          await Result { () async throws(RouteError) in
            try await source.prove(answer)
          })
      }
    case .measure(let run, let builder):
      begin(run) { [mailbox] in
        let test = await BuilderTest.test(of: builder, by: nil)
        await mailbox.send(.source(run: run, test.source))
        let measures = await test.measure { await mailbox.send(.measuring(run: run, $0, $1)) }
        return .measured(run: run, Task.isCancelled ? nil : measures)
      }
    case .cancelRun(let run): runs.withLock { $0.removeValue(forKey: run) }?.cancel()
    case .runInTerminal(let run, let command, let connection):
      track(run) { [terminals, mailbox] in
        await terminals.perform(command, run: run, connection: connection, mailbox)
      }
    case .type(let run, let line): terminals.type(line, run: run)
    case .inspectKey(let ticket, let path):
      send { .key(ticket, await KeyPair.inspect(path: path)) }
    case .createKey(let ticket, let path, let comment):
      send { .keyCreated(ticket, await Self.createKey(path, comment)) }
    case .plan(let ticket, let inventory):
      send { [opening] in .planned(ticket, await opening.planned(inventory)) }
    case .write(let ticket, let inventory, let replaced, let kept):
      write(ticket, inventory, replaced, keeping: kept)
    case .inspectRepository:
      send { [output] in .repository(Repository.around(output.path)) }
    case .applyForPractice(let alias):
      send { [output] in .applied(await PracticeApplication.apply(alias, from: output)) }
    case .readImport(let ticket, let path, let inventory):
      send {
        .imported(ticket, await Import.read(ImportSource(path), into: inventory))
      }
    case .save(let path, let log):
      send { .saved(path: path, problem: log.save(to: path)) }
    case .saveText(let path, let text):
      send { .saved(path: path, problem: NewFile.write(Array(text.utf8), to: path)) }
    case .tellTime: mailbox.sendNow(.time(.now()))
    case .recallTests: send { [keeper] in .recalled(keeper?.tests() ?? TestHistory(), .now()) }
    case .remember(let test): remember(test)
    case .keepUnsaved(let changes): keeper?.keep(changes, base: knownBytes)
    case .dropUnsaved: keeper?.drop()
    case .watchInventory: watch()
    case .survey(let ticket, let inventory, let isThorough):
      survey(ticket, inventory, isThorough: isThorough)
    case .adopt(let bytes): opening.known.withLock { $0 = bytes.map { .bytes($0) } ?? .missing }
    }
    return []
  }

  /// The event loop has ended: what is still to be kept is kept now.
  func finish(_ leftover: Screens.Session.Leftover) {
    terminals.finish()
    keeper?.finish(leftover, base: knownBytes)
  }

  private func remember(_ test: FinishedTest) {
    guard let record = TestRecord(test, at: .now()) else { return }
    keeper?.remember(record, of: test.builder.alias)
    mailbox.sendNow(.remembered(alias: test.builder.alias, record))
  }

  private func survey(_ ticket: Ticket, _ inventory: Inventory, isThorough: Bool) {
    send { [output] in
      do throws(OutputError) {
        let limit = isThorough ? Int.max : 100
        let drift = try await Drift.survey(inventory, in: output, limit: limit)
        return .surveyed(ticket, .success(drift))
      } catch {
        return .surveyed(ticket, .failure(error))
      }
    }
  }

  private var knownBytes: [UInt8]? {
    opening.known.withLock { if case .bytes(let bytes) = $0 { bytes } else { nil } }
  }

  // MARK: - Changes from outside

  /// Tells of every change that is not this program's own.
  private func watch() {
    watcher.withLock { watcher in
      if watcher != nil { return }
      watcher = InventoryWatcher(directory: output.path) { [weak self] in self?.lookAgain() }
    }
  }

  private func lookAgain() {
    // After what this program is writing, and finds then what was written.
    opening.work.start { [opening, mailbox] in
      let content = Result { () throws(OutputError) in try opening.output.readStoredInventory() }
      var isKnown = false
      if case .success(let stored) = content {
        let bytes = stored.map { OutputDirectory.Previous.bytes($0.bytes) } ?? .missing
        isKnown = opening.known.withLock { $0 == bytes }
      }
      mailbox.sendNow(.outside(isKnown ? nil : OutsideChange(content: content)))
    }
  }

  private func open() {
    send { [opening] in
      await opening.work.run {
        .opened(Result { () throws(OutputError) in try opening.session() })
      }
    }
  }

  private func send(_ body: @escaping @Sendable () async -> Message) {
    Task { [mailbox] in await mailbox.send(await body()) }
  }

  /// The same for what can be cancelled by its number.
  private func begin(_ run: Int, _ body: @escaping @Sendable () async -> Message) {
    track(run) { [mailbox] in await mailbox.send(await body()) }
  }

  private func track(_ run: Int, _ body: @escaping @Sendable () async -> Void) {
    let task = Task { await body() }
    runs.withLock { $0[run] = task }
  }

  private static func createKey(
    _ path: String, _ comment: String
  ) async -> Result<String, KeyPairError> {
    do {
      return .success(try await KeyPair.create(path: path, comment: comment))
    } catch {
      return .failure(error)
    }
  }

  private func write(
    _ ticket: Ticket, _ inventory: Inventory, _ replaced: Set<String>, keeping kept: Set<String>
  ) {
    send { [self] in
      let result = await opening.work.run { [self] in
        let known = opening.known.withLock { $0 }
        let result = Result { () throws(OutputError) in
          try output.write(
            inventory, replaceEdited: replaced, keepEdited: kept, removeObsolete: replaced,
            previous: known)
        }
        if result.writtenNames != nil {
          let bytes = written(inventory)
          opening.known.withLock { $0 = .bytes(bytes) }
        }
        return result
      }
      // The directory may be new.
      watch()
      return .written(ticket, result, inventory)
    }
  }

  /// The bytes of builders.json after an inventory was written. One that said the same in another
  /// layout was left as it was.
  private func written(_ inventory: Inventory) -> [UInt8] {
    if let stored = try? output.readStoredInventory(), stored.inventory == inventory {
      return stored.bytes
    }
    return InventoryFile.encode(inventory)
  }
}

extension Opening {
  /// What writing would do, and whether Nix can read each file.
  fileprivate func planned(_ inventory: Inventory) async -> Result<[PlannedFile], OutputError> {
    do {
      let plans = try await work.run { [output] in
        Result { () throws(OutputError) in try output.plan(inventory) }
      }.get()
      let problems = await PlanReading.problems(in: plans, of: inventory)
      return .success(zip(plans, problems).map { PlannedFile(plan: $0, problem: $1) })
    } catch {
      return .failure(error)
    }
  }
}

extension Result where Failure == RouteError {
  /// What a question comes to that takes its time.
  fileprivate init(_ body: () async throws(RouteError) -> Success) async {
    do {
      let value = try await body()
      // What its commands came to then is nobody's answer.
      self = Task.isCancelled ? .failure(.cancelled) : .success(value)
    } catch {
      self = .failure(Task.isCancelled ? .cancelled : error)
    }
  }
}
