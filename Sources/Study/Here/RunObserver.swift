/// Whoever is told how a pool's runs go.
package protocol RunObserver {
  /// Takes a line that stays.
  mutating func say(_ text: String)
  /// A run's worker has been started.
  mutating func started(_ task: RunTask)
  /// A run has ended, or waits.
  mutating func changed(_ task: RunTask)
  /// Another look at all runs, several times a second.
  mutating func update(_ tasks: [RunTask])
  /// Nothing more comes.
  mutating func finish()
}
