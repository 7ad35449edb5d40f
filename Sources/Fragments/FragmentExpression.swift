/// The Nix expression that gives the values of a fragment, without nixpkgs.
public enum FragmentExpression {
  /// A function of `file`, the fragment's absolute path. The fragment is an attribute set, or a
  /// function that needs nothing of what only a whole NixOS could give it.
  public static let text = """
    { file }:
    let
      module = import (/. + file);
      needed = builtins.mapAttrs
        (name: _: throw "it needs ${name}, which only a whole NixOS has")
        (if builtins.isFunction module then builtins.functionArgs module else { });
      # A path literal is meant as it is, not as a copy in the store.
      plain = value:
        if builtins.isPath value then toString value
        else if builtins.isList value then map plain value
        else if builtins.isAttrs value then builtins.mapAttrs (_: plain) value
        else value;
    in
    plain (if builtins.isFunction module then module needed else module)
    """
}
