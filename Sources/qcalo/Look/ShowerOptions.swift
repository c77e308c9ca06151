import ArgumentParser

/// Whether the showers of each row's best checkpoint are drawn too.
struct ShowerOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Draw the showers of each row's best checkpoint beside Geant4's; the worker makes them anew.")
  var showers = true
}
