/// The program's version, as `agent version`, the list of agents and `carillon_build_info` show it.
public enum CarillonVersion {
  /// Semantic version.
  public static let text = "0.1.0"
}
