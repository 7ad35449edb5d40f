import Builders

/// The two machines, alive until they are stopped or this program ends in whatever way.
public actor PracticeMachines {
  /// The way to both machines, for changing them.
  public nonisolated let connection: PracticeConnection
  private nonisolated let programs: Programs
  private var processes: [MachineProcess]

  /// The machine at which `nix build` is typed.
  public nonisolated var local: Machine { connection.local }
  /// The machine on which the builds run.
  public nonisolated var builder: Machine { connection.builder }

  private init(
    _ connection: PracticeConnection, programs: Programs, processes: [MachineProcess]
  ) {
    self.connection = connection
    self.programs = programs
    self.processes = processes
  }

  deinit {
    let ending = processes
    Task { await PracticeMachines.end(ending.reversed()) }
  }

  /// Makes the machines; takes about half a second.
  public static func start(
    _ options: PracticeOptions = PracticeOptions()
  ) async throws(PracticeError) -> PracticeMachines {
    let programs = Programs.find()
    guard programs.missing.isEmpty else { throw .missing(programs.missing) }
    let local = try MachineProcess.start("practice: laptop", programs: programs, inside: nil)
    let builder: MachineProcess
    do throws(PracticeError) {
      // Inside the local machine, so that this one can enter it.
      builder = try MachineProcess.start("practice: forge", programs: programs, inside: local)
    } catch {
      await end([local])
      throw error
    }
    do throws(PracticeError) {
      let pidInside = try builder.pidInside()
      let environment = PracticeConnection.environment(builder: pidInside, options)
      let laptop = Machine(pid: local.pid, hostName: Machine.localName, programs: programs)
        .setting(environment.name, to: environment.value)
      let forge = Machine(pid: builder.pid, hostName: Machine.builderName, programs: programs)
      let connection = PracticeConnection(
        local: laptop, builder: forge, programs: programs, options: options)
      try await connection.setUp(builderInside: pidInside)
      return PracticeMachines(connection, programs: programs, processes: [local, builder])
    } catch {
      await end([builder, local])
      throw error
    }
  }

  /// Ends both machines, and returns when nothing of them is left.
  public func stop() async {
    let ending = processes
    processes = []
    await PracticeMachines.end(ending.reversed())
  }

  private static func end(_ processes: [MachineProcess]) async {
    for process in processes { process.letGo() }
    for process in processes { await process.ended() }
  }

  /// Runs a program on the local machine that shares the terminal of this one. Signals that are
  /// meant to end this program reach that one instead, and when that one is suspended so is this.
  ///
  /// - Parameter words: the program and its arguments.
  /// - Returns: its exit status as a shell tells it; 127 when there is no such program.
  public nonisolated func runHere(
    _ words: [String], environment: [String: String?] = [:]
  ) async throws(PracticeError) -> Int32 {
    guard let name = words.first, let path = programs.path(of: name) else { return 127 }
    var program = Program(
      path: path, arguments: words, environment: local.environment.merging(environment) { $1 })
    program.directory = "/root"
    program.inside = local.pid
    return try await ForegroundProgram.run(program)
  }
}
