/// What the name of one of the group's runs says beside its configuration: `BNReLU_hpo27-M1-Plog10.1-Sge12`.
///
/// The model, the configuration, and behind dashes the mask in keV (`M`, `Mn1` for −1), the preprocessing (`P`), the scheme
/// of labels (`L`) and the energies (`S`, powers of two in MeV).
/// - Source: QC4HEP-BO/FastCaloQ, condor/wrapper.sh and README.md.
struct RunName {
  /// `BNReLU`.
  let model: String
  /// `hpo27`.
  let configuration: String
  /// What is said of the training data, as sentences about what is not here.
  private(set) var remarks: [String] = []
  /// The powers of two that the incident energies (MeV) are restricted to; nil for all.
  private(set) var exponents: ClosedRange<Int>?

  /// Nil for a text of another form.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    let head = parts[0].split(separator: "_", maxSplits: 1).map(String.init)
    guard head.count == 2, !head[0].isEmpty, head[0].allSatisfy({ $0.isLetter || $0.isNumber }), head[0] != "config"
    else { return nil }
    (model, configuration) = (head[0], head[1])
    for part in parts.dropFirst() where !["", "M", "P", "L", "S"].contains(part) {
      let value = String(part.dropFirst())
      switch part.first {
      case "M":
        remarks.append(
          value.hasPrefix("n")
            ? "-\(part): their mask sets voxels below E/256 · \(value.dropFirst()) keV, E being the incident energy in MeV, to zero before training; not supported"
            : "-\(part): their mask sets voxels below \(value) keV to zero before training; not supported")
      case "P":
        remarks.append("-\(part): their preprocessing '\(value)' is not supported; voxels are fractions of E_kin")
      case "L": remarks.append("-\(part): their scheme of labels '\(value)' is not supported; the label is log_ratio")
      default:
        if let range = Self.exponents(part.first == "S" ? value : part) {
          exponents = range
        } else {
          remarks.append("-\(part): not supported; it says nothing that is known")
        }
      }
    }
  }

  /// The range of `ge12`, `le12.1` and `ge12le18`, what stands behind a dot being the run's number.
  private static func exponents(_ text: String) -> ClosedRange<Int>? {
    let text = text.split(separator: ".").first.map(String.init) ?? ""
    guard let match = text.wholeMatch(of: /(?:ge(\d{1,2}))?(?:le(\d{1,2}))?/), match.1 != nil || match.2 != nil else {
      return nil
    }
    let (low, high) = (match.1.flatMap { Int($0) } ?? 8, match.2.flatMap { Int($0) } ?? 22)
    return low <= high ? low...high : nil
  }
}
