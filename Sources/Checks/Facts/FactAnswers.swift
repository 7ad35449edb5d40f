import Builders

/// The answers about a builder that follow from what it says of itself.
public struct FactAnswers: Equatable, Sendable {
  /// An answer that may follow.
  public enum Question: CaseIterable, Hashable, Sendable {
    /// The systems it builds for.
    case systems
    /// The features it supports.
    case features
    /// How many builds it takes at once.
    case maxJobs
    /// Whether the account is there already.
    case account
  }

  /// The systems, those included that it emulates; `nil` when it does not say.
  public private(set) var systems: [String]?
  /// The features; `nil` when it does not say.
  public private(set) var features: [String]?
  /// How many builds at once; `nil` when it does not say.
  public private(set) var maxJobs: Int?
  /// Whether the fragment has to make the account; `nil` when that is open.
  public private(set) var createsAccount: Bool?

  /// The answers that follow for a builder.
  public init(_ facts: RemoteFacts, for builder: Builder) {
    if !facts.capabilities.systems.isEmpty {
      systems = facts.capabilities.systems
      // What cannot be used is not claimed, though Nix announces it.
      features = facts.capabilities.features.filter { $0 != "kvm" || facts.kvm == .usable }
    }
    maxJobs = facts.capabilities.processors.map { processors in
      // Two gibibytes for each build: with fewer, large ones end for want of memory.
      let fitting = facts.memory.map { max(1, $0 / (2 << 30)) } ?? processors
      return min(processors, fitting)
    }
    if let account = facts.account, account.name == builder.user {
      // One that an earlier fragment has made goes on being made.
      createsAccount = !account.exists || account.description == builder.account.description
    }
  }

  /// Whether a builder's answer is the one that follows; `nil` where none does.
  public func agrees(_ question: Question, with builder: Builder) -> Bool? {
    switch question {
    case .systems: systems.map { Set($0) == Set(builder.systems) }
    case .features: features.map { Set($0) == Set(builder.supportedFeatures) }
    case .maxJobs: maxJobs.map { $0 == builder.maxJobs }
    case .account: createsAccount.map { $0 == builder.account.create }
    }
  }

  /// The questions whose answers are others than those that follow.
  public func differences(from builder: Builder) -> [Question] {
    Question.allCases.filter { agrees($0, with: builder) == false }
  }

  /// Takes an answer over, where one follows.
  public func apply(_ question: Question, to builder: inout Builder) {
    switch question {
    case .systems: builder.systems = systems ?? builder.systems
    case .features:
      builder.supportedFeatures = features ?? builder.supportedFeatures
    case .maxJobs: builder.maxJobs = maxJobs ?? builder.maxJobs
    case .account: builder.account.create = createsAccount ?? builder.account.create
    }
  }

  /// An answer in a few words.
  public func text(_ question: Question) -> String? {
    switch question {
    case .systems: systems?.joined(separator: " ")
    case .features: features.map { $0.isEmpty ? "no features" : $0.joined(separator: " ") }
    case .maxJobs: maxJobs.map { $0 == 1 ? "1 job at once" : "\($0) jobs at once" }
    case .account:
      createsAccount.map { $0 ? "the account is to be made" : "the account exists" }
    }
  }
}

extension FactAnswers.Question {
  /// Puts the answer of one builder into another.
  public func copy(from source: Builder, to builder: inout Builder) {
    switch self {
    case .systems: builder.systems = source.systems
    case .features: builder.supportedFeatures = source.supportedFeatures
    case .maxJobs: builder.maxJobs = source.maxJobs
    case .account: builder.account.create = source.account.create
    }
  }

  /// Whether two builders have the same answer.
  public func isSame(in one: Builder, and other: Builder) -> Bool {
    switch self {
    case .systems: one.systems == other.systems
    case .features: one.supportedFeatures == other.supportedFeatures
    case .maxJobs: one.maxJobs == other.maxJobs
    case .account: one.account.create == other.account.create
    }
  }
}
