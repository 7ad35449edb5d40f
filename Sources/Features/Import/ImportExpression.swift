/// The Nix expression that reads what modules say about builders, without nixpkgs.
///
/// It is a function of `files`, a list of paths as JSON, and gives for each an attribute set with
/// what ``ImportedModule`` takes, or ``ImportedAccount``. Nothing but what is asked for is evaluated, so a module may use
/// whatever it likes elsewhere. A value that is not defined is null.
enum ImportExpression {
  static let text = #"""
    { files }:
    let
      inherit (builtins) all attrNames concatLists concatMap concatStringsSep elemAt
        filter foldl' fromJSON functionArgs genList head isAttrs isFunction isList isPath isString
        length listToAttrs map mapAttrs removeAttrs sort stringLength substring tail throw tryEval;

      # What of nixpkgs' lib such modules commonly use.
      lib = builtins // strings // lists // attributes // modules // {
        inherit strings lists modules;
        attrsets = attributes;
        trivial = trivial // { inherit (builtins) isFunction functionArgs; };
        types = throw "lib.types is known only to nixpkgs";
      } // trivial;
      trivial = {
        id = x: x;
        const = x: _: x;
        flip = f: a: b: f b a;
        pipe = foldl' (x: f: f x);
        importJSON = path: fromJSON (builtins.readFile path);
        importTOML = path: builtins.fromTOML (builtins.readFile path);
        boolToString = value: if value then "true" else "false";
        min = x: y: if x < y then x else y;
        max = x: y: if x > y then x else y;
        warn = message: builtins.trace message;
        warnIf = condition: message: if condition then builtins.trace message else x: x;
        throwIf = condition: message: if condition then throw message else x: x;
        version = "unknown";
      };
      strings = rec {
        inherit (builtins) concatStringsSep replaceStrings stringLength substring toString;
        concatStrings = concatStringsSep "";
        concatMapStrings = f: list: concatStrings (map f list);
        concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
        concatLines = concatMapStrings (line: line + "\n");
        optionalString = condition: text: if condition then text else "";
        hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
        hasSuffix = suffix: text:
          stringLength text >= stringLength suffix
          && substring (stringLength text - stringLength suffix) (-1) text == suffix;
        hasInfix = infix: text: replaceStrings [ infix ] [ "" ] text != text;
        removePrefix = prefix: text:
          if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
        removeSuffix = suffix: text:
          if hasSuffix suffix text
          then substring 0 (stringLength text - stringLength suffix) text else text;
        splitString = separator: text:
          filter isString (builtins.split (escapeRegex separator) text);
        escapeRegex = replaceStrings
          (characters "\\[{()^$?*+|.") (map (c: "\\" + c) (characters "\\[{()^$?*+|."));
        characters = text: genList (index: substring index 1 text) (stringLength text);
        stringToCharacters = characters;
        fileContents = path: removeSuffix "\n" (builtins.readFile path);
        trim = text: head (builtins.match "[ \t\r\n]*(.*[^ \t\r\n]|)[ \t\r\n]*" text);
        versionAtLeast = a: b: builtins.compareVersions a b >= 0;
        versionOlder = a: b: builtins.compareVersions b a == 1;
      };
      lists = rec {
        inherit (builtins) all any concatLists concatMap elem elemAt filter foldl' genList head
          length map partition sort tail;
        optional = condition: value: if condition then [ value ] else [ ];
        optionals = condition: values: if condition then values else [ ];
        singleton = value: [ value ];
        toList = value: if isList value then value else [ value ];
        flatten = value: if isList value then concatMap flatten value else [ value ];
        forEach = list: f: map f list;
        range = first: last:
          if first > last then [ ] else genList (index: first + index) (last - first + 1);
        imap0 = f: list: genList (index: f index (elemAt list index)) (length list);
        imap1 = f: list: genList (index: f (index + 1) (elemAt list index)) (length list);
        last = list: elemAt list (length list - 1);
        init = list: take (length list - 1) list;
        take = count: list: genList (elemAt list) (if count < length list then count else length list);
        drop = count: list:
          genList (index: elemAt list (index + count))
            (if count < length list then length list - count else 0);
        reverseList = list: genList (index: elemAt list (length list - 1 - index)) (length list);
        foldr = f: end: list: foldl' (rest: value: f value rest) end (reverseList list);
        fold = foldr;
        foldl = foldl';
        remove = value: filter (other: other != value);
        subtractLists = away: filter (value: !(elem value away));
        intersectLists = kept: filter (value: elem value kept);
        unique = foldl' (found: value: if elem value found then found else found ++ [ value ]) [ ];
        zipListsWith = f: a: b:
          genList (index: f (elemAt a index) (elemAt b index))
            (if length a < length b then length a else length b);
        findFirst = test: standard: list:
          let found = filter test list; in if found == [ ] then standard else head found;
        count = test: list: length (filter test list);
        replicate = count: value: genList (_: value) count;
      };
      attributes = rec {
        inherit (builtins) attrNames attrValues catAttrs getAttr hasAttr intersectAttrs isAttrs
          listToAttrs mapAttrs removeAttrs;
        optionalAttrs = condition: set: if condition then set else { };
        nameValuePair = name: value: { inherit name value; };
        genAttrs = names: f: listToAttrs (map (name: { inherit name; value = f name; }) names);
        mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
        mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
        attrsToList = mapAttrsToList nameValuePair;
        filterAttrs = test: set:
          removeAttrs set (filter (name: !(test name set.${name})) (attrNames set));
        concatMapAttrs = f: set: foldl' (all: one: all // one) { } (mapAttrsToList f set);
        mergeAttrsList = foldl' (all: one: all // one) { };
        attrByPath = path: standard: set:
          if path == [ ] then set
          else if set ? ${head path} then attrByPath (tail path) standard set.${head path}
          else standard;
        hasAttrByPath = path: set:
          path == [ ] || set ? ${head path} && hasAttrByPath (tail path) set.${head path};
        getAttrs = names: set: genAttrs names (name: set.${name});
        recursiveUpdate = a: b:
          a // mapAttrs
            (name: value:
              if a ? ${name} && isAttrs a.${name} && isAttrs value
              then recursiveUpdate a.${name} value else value)
            b;
      };
      modules = rec {
        mkIf = condition: content: { _type = "if"; inherit condition content; };
        mkMerge = contents: { _type = "merge"; inherit contents; };
        mkOverride = priority: content: { _type = "override"; inherit priority content; };
        mkDefault = mkOverride 1000;
        mkForce = mkOverride 50;
        mkVMOverride = mkOverride 10;
        mkOptionDefault = mkOverride 1500;
        mkOrder = order: content: { _type = "order"; inherit order content; };
        mkBefore = mkOrder 500;
        mkAfter = mkOrder 1500;
      };

      # How `path` is defined in `value`: what mkIf, mkMerge and the like say is carried out, and
      # every definition comes with its priority and its order.
      definitions = path: found@{ priority, order, value }:
        let type = if isAttrs value then value._type or "" else "";
        in
        if type == "merge" then
          concatMap (value: definitions path (found // { inherit value; })) value.contents
        else if type == "if" then
          if value.condition then definitions path (found // { value = value.content; }) else [ ]
        else if type == "override" then
          definitions path (found // { inherit (value) priority; value = value.content; })
        else if type == "order" then
          definitions path (found // { inherit (value) order; value = value.content; })
        else if path == [ ] then [ found ]
        else if isAttrs value && value ? ${head path} then
          definitions (tail path) (found // { value = value.${head path}; })
        else [ ];
      start = value: { priority = 100; order = 1000; inherit value; };

      # The values of those definitions that no other overrides, in their order.
      winners = all:
        let first = foldl' (least: one: if one.priority < least then one.priority else least)
          9999 all;
        in map (one: one.value) (sort (a: b: a.order < b.order)
          (filter (one: one.priority == first) all));
      resolve = value: winners (definitions [ ] (start value));

      plain = value:
        # As a path its file would be copied into the store.
        if isPath value then toString value
        else if isList value then concatMap (one: map plain (resolve one)) value
        else value;
      merge = values:
        if values == [ ] then null
        else if isList (head values) then plain (concatLists values)
        else plain (elemAt values (length values - 1));
      submodule = values: mapAttrs (_: value: merge (resolve value)) (foldl' (a: b: a // b) { } values);

      pkgs = rec {
        inherit lib;
        system = builtins.currentSystem;
        stdenv.hostPlatform = { inherit system; };
        stdenv.system = system;
        hostPlatform = stdenv.hostPlatform;
      };

      known = config: {
        inherit config lib pkgs;
        options = throw "the options are known only to NixOS";
      };
      # A module's own arguments, each in its place; what only NixOS could give says so when used.
      call = arguments: function:
        let wanted = functionArgs function;
        in
        function (
          if wanted == { } then arguments
          else listToAttrs (map
            (name: {
              inherit name;
              value = arguments.${name}
                or (throw "the argument \"${name}\" is known only to NixOS or the flake");
            })
            (filter (name: arguments ? ${name} || !wanted.${name}) (attrNames wanted))));

      # The module and those that stand within its imports, and the paths that it imports.
      open = arguments: given:
        let
          called = if isFunction given then call arguments given else given;
          module =
            # A file that others import as the value of nix.buildMachines, or of nix.
            if isList called then { nix.buildMachines = called; }
            else if called ? buildMachines && !(called ? nix) then { nix = called; }
            else called;
          imports = map
            (one: tryEval (if isPath one || isString one then toString one else open arguments one))
            (module.imports or [ ]);
          inner = map (one: one.value) (filter (one: one.success && isAttrs one.value) imports);
        in {
          configs = [ (module.config or module) ] ++ concatMap (one: one.configs) inner;
          imports = concatMap
            (one:
              if !one.success then [ false ]
              else if isString one.value then [ one.value ]
              else one.value.imports)
            imports;
        };

      # A module with the ways to its values.
      load = file: rec {
        module = open (known (head module.configs)) (import file);
        values = path:
          winners (concatMap (config: definitions path (start config)) module.configs);
        value = path: merge (values path);
        submodules = path: mapAttrs (_: one: submodule (resolve one))
          (foldl' (a: b: a // b) { } (values path));
      };

      read = file:
        let
          inherit (load file) module values value submodules;
          text = path: if values path == [ ] then null else concatStringsSep "\n" (values path);
        in {
          machines = concatMap
            (machine:
              let found = resolve machine;
              in if found == [ ] then [ ] else if all isAttrs found then [ (submodule found) ]
              else found)
            (concatLists (values [ "nix" "buildMachines" ]));
          extraConfig = text [ "programs" "ssh" "extraConfig" ];
          knownHosts = submodules [ "programs" "ssh" "knownHosts" ];
          extraOptions = text [ "nix" "extraOptions" ];
          distributedBuilds = value [ "nix" "distributedBuilds" ];
          buildersUseSubstitutes = value [ "nix" "settings" "builders-use-substitutes" ];
          maxJobs =
            let new = value [ "nix" "settings" "max-jobs" ];
            in if new == null then value [ "nix" "maxJobs" ] else new;
          builders = value [ "nix" "settings" "builders" ];
          inherit (module) imports;
        };
      opened = map read (fromJSON files);

      # What the fragment of a builder says.
      account = file:
        let inherit (load file) value submodules;
        in {
          users = submodules [ "users" "users" ];
          groups = submodules [ "users" "groups" ];
          trustedUsers = value [ "nix" "settings" "trusted-users" ];
          systemFeatures = value [ "nix" "settings" "system-features" ];
          sshdPorts = value [ "services" "openssh" "ports" ];
          emulatedSystems = value [ "boot" "binfmt" "emulatedSystems" ];
        };
    in
    {
      inherit opened;
      accounts = map account (fromJSON files);
      counts = map (one: length one.machines) opened;
      names = map (one: map attrNames one.machines) opened;
    }
    """#
}
