import Foundation
import GRDB
package import Search
import Storage

/// A search as Optuna keeps it in SQLite, for its dashboard and its analyses: what Optuna 3 to 5 read.
package struct OptunaStorage {
  /// The study's name.
  package var name: String
  /// What can be tried.
  package var space: SearchSpace
  /// The trials in the order of their numbers.
  package var trials: [Trial] = []

  /// A trial.
  package struct Trial: Hashable, Sendable {
    /// What it tries.
    package var point: Point
    /// Where it stands.
    package var state: TrialStanding.State
    /// What it came out as; nil for nothing.
    package var value: Double?
    /// What its first seed came out as, by checkpoint.
    package var curve: [CurveValue]
    /// Why it stands there, a sentence.
    package var reason: String
    /// Seconds since 1970-01-01 00:00 UTC.
    package var started: Double
    /// When it was heard of last; nil for never.
    package var heard: Double?

    package init(
      _ point: Point, state: TrialStanding.State, value: Double?, curve: [CurveValue], reason: String, started: Double,
      heard: Double?
    ) {
      (self.point, self.state, self.value, self.curve) = (point, state, value, curve)
      (self.reason, self.started, self.heard) = (reason, started, heard)
    }
  }

  package init(name: String, space: SearchSpace, trials: [Trial]) {
    (self.name, self.space, self.trials) = (name, space, trials)
  }

  /// Writes it; a file that is there is replaced.
  /// - Throws: `StorageError`, `LedgerError`.
  package func write(to path: String) throws {
    try DurableFile.write(to: path) { aside in
      Ledger.removeDatabase(aside)
      try Ledger.translating(aside) {
        let queue = try DatabaseQueue(path: aside)
        try queue.write(fill)
        try queue.close()
      }
    }
  }

  private func fill(_ db: Database) throws {
    try db.execute(sql: Self.schema)
    try db.execute(sql: "INSERT INTO studies VALUES (1, ?)", arguments: [name])
    try db.execute(sql: "INSERT INTO study_directions VALUES (1, 'MINIMIZE', 1, 0)")
    try db.execute(sql: "INSERT INTO version_info VALUES (1, 12, '5.0.0')")
    try db.execute(sql: "INSERT INTO alembic_version VALUES ('v3.2.0.a')")
    for (number, trial) in trials.enumerated() {
      let id = number + 1
      let state = trial.optunaState
      try db.execute(
        sql: "INSERT INTO trials VALUES (?, ?, 1, ?, ?, ?)",
        arguments: [
          id, number, state, Self.time(trial.started), state == "RUNNING" ? nil : trial.heard.map(Self.time),
        ])
      try db.execute(
        sql: "INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (?, 'reason', ?)",
        arguments: [id, Self.json(trial.reason)])
      for parameter in space.parameters {
        guard let value = trial.point[parameter.name] else { continue }
        try db.execute(
          sql: "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)",
          arguments: [id, parameter.name, value, parameter.domain.distribution])
      }
      if let value = trial.value, value.isFinite {
        try db.execute(
          sql: "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, 0, ?, 'FINITE')",
          arguments: [id, value])
      }
      for step in trial.curve where step.value.isFinite {
        try db.execute(
          sql: """
            INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type)
            VALUES (?, ?, ?, 'FINITE')
            """, arguments: [id, step.checkpoint, step.value])
      }
    }
  }

  private static func json(_ text: String) -> String {
    var json = TextBuilder("")
    json.quote(text)
    return json.string
  }

  /// "2026-11-29 18:00:13.130010", in UTC.
  private static func time(_ seconds: Double) -> String {
    let whole = seconds.rounded(.down)
    let format = Date.ISO8601FormatStyle(dateSeparator: .dash, dateTimeSeparator: .space, timeZone: .gmt)
      .year().month().day().time(includingFractionalSeconds: false)
    let fraction = String(Int(((seconds - whole) * 1e6).rounded(.down)) + 1_000_000).dropFirst()
    return Date(timeIntervalSince1970: whole).formatted(format) + "." + fraction
  }

  /// The tables as Optuna makes them.
  private static let schema = """
    CREATE TABLE studies (study_id INTEGER NOT NULL PRIMARY KEY, study_name VARCHAR(512) NOT NULL);
    CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
    CREATE TABLE version_info (version_info_id INTEGER NOT NULL PRIMARY KEY CHECK (version_info_id = 1),
      schema_version INTEGER, library_version VARCHAR(256));
    CREATE TABLE study_directions (study_direction_id INTEGER NOT NULL PRIMARY KEY, direction VARCHAR(8) NOT NULL,
      study_id INTEGER NOT NULL REFERENCES studies (study_id), objective INTEGER NOT NULL, UNIQUE (study_id, objective));
    CREATE TABLE study_user_attributes (study_user_attribute_id INTEGER NOT NULL PRIMARY KEY,
      study_id INTEGER REFERENCES studies (study_id), "key" VARCHAR(512), value_json TEXT, UNIQUE (study_id, "key"));
    CREATE TABLE study_system_attributes (study_system_attribute_id INTEGER NOT NULL PRIMARY KEY,
      study_id INTEGER REFERENCES studies (study_id), "key" VARCHAR(512), value_json TEXT, UNIQUE (study_id, "key"));
    CREATE TABLE trials (trial_id INTEGER NOT NULL PRIMARY KEY, number INTEGER,
      study_id INTEGER REFERENCES studies (study_id), state VARCHAR(8) NOT NULL, datetime_start DATETIME,
      datetime_complete DATETIME);
    CREATE INDEX ix_trials_study_id ON trials (study_id);
    CREATE TABLE trial_user_attributes (trial_user_attribute_id INTEGER NOT NULL PRIMARY KEY,
      trial_id INTEGER REFERENCES trials (trial_id), "key" VARCHAR(512), value_json TEXT, UNIQUE (trial_id, "key"));
    CREATE TABLE trial_system_attributes (trial_system_attribute_id INTEGER NOT NULL PRIMARY KEY,
      trial_id INTEGER REFERENCES trials (trial_id), "key" VARCHAR(512), value_json TEXT, UNIQUE (trial_id, "key"));
    CREATE TABLE trial_params (param_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER REFERENCES trials (trial_id),
      param_name VARCHAR(512), param_value FLOAT, distribution_json TEXT, UNIQUE (trial_id, param_name));
    CREATE TABLE trial_values (trial_value_id INTEGER NOT NULL PRIMARY KEY,
      trial_id INTEGER NOT NULL REFERENCES trials (trial_id), objective INTEGER NOT NULL, value FLOAT,
      value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, objective));
    CREATE TABLE trial_intermediate_values (trial_intermediate_value_id INTEGER NOT NULL PRIMARY KEY,
      trial_id INTEGER NOT NULL REFERENCES trials (trial_id), step INTEGER NOT NULL, intermediate_value FLOAT,
      intermediate_value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, step));
    CREATE TABLE trial_heartbeats (trial_heartbeat_id INTEGER NOT NULL PRIMARY KEY,
      trial_id INTEGER NOT NULL UNIQUE REFERENCES trials (trial_id), heartbeat DATETIME NOT NULL);
    CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
    """
}

extension OptunaStorage.Trial {
  fileprivate var optunaState: String {
    switch state {
    case .training, .waiting: "RUNNING"
    case .done where value != nil: "COMPLETE"
    case .stopped: "PRUNED"
    case .done, .failed: "FAIL"
    }
  }
}

extension Domain {
  /// How it is drawn, in Optuna's JSON.
  fileprivate var distribution: String {
    let json: JSONText
    switch self {
    case .choices(let texts):
      var list = TextBuilder("[")
      for (index, text) in texts.enumerated() {
        if index > 0 { list += ", " }
        list.quote(text)
      }
      list += "]"
      return #"{"name": "CategoricalDistribution", "attributes": {"choices": \#(list.string)}}"#
    case .uniform(let range), .logUniform(let range):
      var isLogarithmic = false
      if case .logUniform = self { isLogarithmic = true }
      json =
        #"{"name": "FloatDistribution", "attributes": {"step": null, "low": \#(range.lowerBound), "high": \#(range.upperBound), "log": \#(isLogarithmic)}}"#
    case .int(let range), .logInt(let range):
      var isLogarithmic = false
      if case .logInt = self { isLogarithmic = true }
      json =
        #"{"name": "IntDistribution", "attributes": {"log": \#(isLogarithmic), "step": 1, "low": \#(range.lowerBound), "high": \#(range.upperBound)}}"#
    }
    return json.text.string
  }
}
