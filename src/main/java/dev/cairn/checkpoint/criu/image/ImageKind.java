package dev.cairn.checkpoint.criu.image;

import java.util.Locale;

/// What an image of CRIU's holds: how its file is called, the number that it begins with, and the
/// messages in it.
///
/// Each file but the inventory begins with [#COMMON_MAGIC], then comes the kind's own number, and
/// then messages, each behind its length. All numbers are of 32 bits, little-endian.
public enum ImageKind {
  INVENTORY("inventory", 0x58313116, "inventory_entry"),
  PSTREE("pstree", 0x50273030, "pstree_entry"),
  CORE("core-%d", 0x55053847, "core_entry"),
  IDS("ids-%d", 0x54432030, "task_kobj_ids_entry"),
  MM("mm-%d", 0x57492820, "mm_entry"),
  FS("fs-%d", 0x51403912, "fs_entry"),
  FILES("files", 0x56303138, "file_entry"),
  FDINFO("fdinfo-%d", 0x56213732, "fdinfo_entry"),
  /// One [#PAGEMAP_HEAD], then entries.
  PAGEMAP("pagemap-%d", 0x56084025, "pagemap_entry"),
  /// Each message is followed by as many bytes as it says.
  PIPES_DATA("pipes-data", 0x56453709, "pipe_data_entry"),
  /// One message, then contents.
  GHOST("ghost-file-%x", 0x52583605, "ghost_file_entry"),
  REMAPS("remap-fpath", 0x59133954, "remap_file_path_entry"),
  FILE_LOCKS("filelocks", 0x54323616, "file_lock_entry");

  static final int COMMON_MAGIC = 0x54564319;
  public static final String PAGEMAP_HEAD = "pagemap_head";

  /// The version of images with [#COMMON_MAGIC].
  public static final int VERSION = 2;

  private final String name;
  private final int magic;
  private final String message;

  ImageKind(String name, int magic, String message) {
    this.name = name;
    this.magic = magic;
    this.message = message;
  }

  /// {@return the file's name}
  ///
  /// @param number of the process or of what else there is one each of; 0 if there is one only
  public String file(long number) {
    return String.format(Locale.ROOT, name, number) + ".img";
  }

  /// {@return the name of the file with the pages of a map}
  public static String pages(long number) {
    return "pages-" + number + ".img";
  }

  int magic() {
    return magic;
  }

  public String message() {
    return message;
  }
}
