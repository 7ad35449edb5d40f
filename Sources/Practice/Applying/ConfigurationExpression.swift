/// The Nix expression that gives the values of a configuration with all that it imports, without
/// nixpkgs.
enum ConfigurationExpression {
  /// A function of `file`, the configuration's absolute path.
  static let text = """
    { file }:
    let
      inherit (builtins) concatMap foldl' functionArgs isAttrs isFunction isList isPath isString map
        mapAttrs removeAttrs throw;
      needed = mapAttrs (name: _: throw "it needs ${name}, which only a whole NixOS has");
      # Each module once, those that it imports before it.
      load = path:
        let
          module = import path;
          value = if isFunction module then module (needed (functionArgs module)) else module;
        in
        concatMap load (map (path: /. + path) (value.imports or [ ]))
        ++ [ (removeAttrs value [ "imports" ]) ];
      join = name: a: b:
        if isAttrs a && isAttrs b then
          a // mapAttrs (key: value: if a ? ${key} then join "${name}.${key}" a.${key} value else value) b
        else if isList a && isList b then a ++ b
        else if a == b then a
        else if isString a && isString b && lines name then "${a}\\n${b}"
        else throw "${name} has conflicting definitions";
      lines = name: name == ".programs.ssh.extraConfig";
      # A path literal is meant as it is, not as a copy in the store.
      plain = value:
        if isPath value then toString value
        else if isList value then map plain value
        else if isAttrs value then mapAttrs (_: plain) value
        else value;
    in
    plain (foldl' (join "") { } (load (/. + file)))
    """
}
