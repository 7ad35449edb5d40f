import Base

/// The files of a machine: those of the computer that it lives on, seen through overlays. What a
/// machine writes goes to memory and vanishes with it.
enum Files {
  /// Where what is in the store is kept: a file system of its own, so that it can be full.
  static let store = "/nix/var/store"

  /// The script that gives a machine its files. To be run once, as the first one.
  ///
  /// - Parameters:
  ///   - foreignRoot: what stands in for this computer's own files; `nil` for those.
  ///   - folder: one of the computer's own, which the machine is to write to for good.
  static func script(
    storeMegabytes: Int, foreignRoot: ForeignRoot? = nil, keeping folder: String? = nil
  ) -> String {
    """
    mounts=$(cat /proc/self/mountinfo)
    # The new root is put together below /sys: a place that is everywhere, and of which nothing
    # else is needed meanwhile.
    mount -t tmpfs -o mode=755 tmpfs /sys
    cd /sys
    mkdir root none

    layers=0
    layer() { # LOWER TARGET [DIRECTORY FOR WHAT IS WRITTEN]
      layers=$((layers + 1))
      upper=${3:-/sys/$layers}
      mkdir -p "$upper/upper" "$upper/work"
      chmod --reference="$1" "$upper/upper"
      chown --reference="$1" "$upper/upper"
      mount -t overlay -o "lowerdir=$1,upperdir=$upper/upper,workdir=$upper/work" overlay "$2"
    }

    \(foreignRoot?.script ?? ownRoot)

    mount -t proc proc root/proc
    mount --rbind /dev root/dev
    [ ! -d root/dev/shm ] || mount -t tmpfs -o mode=1777 tmpfs root/dev/shm

    # On NixOS every program lives in the store. Nix's database is new, so that none of those paths
    # counts as valid here.
    lower=/nix/store
    [ -d "$lower" ] || lower=/sys/none
    mkdir -p root/nix/store root/nix/var
    mount -t tmpfs -o mode=755 tmpfs root/nix/var
    mkdir root/nix/var/store
    mount -t tmpfs -o mode=755,size=\(storeMegabytes)m tmpfs root\(store)
    layer "$lower" root/nix/store "/sys/root\(store)"
    chmod 1775 root/nix/store

    # What of root's own would mix with the machine's.
    mkdir -p root/root
    for place in .ssh .config/nix .cache/nix .local/share/nix .local/state/nix \
      .local/state/nix-builders; do
      case $place in .ssh) mkdir -p root/root/.ssh ;; esac
      [ ! -d "root/root/$place" ] || mount -t tmpfs -o mode=700 tmpfs "root/root/$place"
    done

    \(folder.map(keeping) ?? "")

    pivot_root root root/sys
    cd /
    umount -l /sys
    mount -t sysfs sysfs /sys

    rm -rf /etc/nix /etc/ssh
    mkdir -p /etc/nix /etc/nixos /etc/ssh /run/sshd /var/empty /var/log
    # A configuration of the computer's own must not be taken for the machine's.
    mount -t tmpfs -o mode=755 tmpfs /etc/nixos
    \(folder.map(placing) ?? "")
    """
  }

  /// Takes a folder along: where it belongs may be hidden later on.
  private static func keeping(_ folder: String) -> String {
    """
    mkdir -p root/run/kept
    mount --bind \(Shell.quoted(folder)) root/run/kept
    """
  }

  private static func placing(_ folder: String) -> String {
    """
    mkdir -p \(Shell.quoted(folder))
    mount --move /run/kept \(Shell.quoted(folder))
    rmdir /run/kept
    """
  }

  /// This computer's files, with all that is mounted below its root.
  private static let ownRoot = """
    layer / root
    printf '%s\\n' "$mounts" | {
      while read -r _ _ _ _ place _ rest; do
        type=${rest##* - }
        case $place in
          / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | /nix/store) continue ;;
          # Those with a blank or the like, which mountinfo escapes.
          *[!A-Za-z0-9/._@+-]*) continue ;;
        esac
        case $type in autofs* | nsfs*) continue ;; esac
        # A file that is mounted onto another, as containers have it for /etc/hosts.
        [ -d "$place" ] && [ -d "root$place" ] || continue
        layer "$place" "root$place" 2>/dev/null || {
          # Such as a network's file system, or one that is itself too many overlays.
          mount --bind "$place" "root$place" && mount -o remount,bind,ro "root$place" || continue
        } 2>/dev/null
      done
    }
    """
}
