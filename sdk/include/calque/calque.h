/* SPDX-License-Identifier: Apache-2.0 */
/* The Calque C ABI: everything that crosses between the host and a plugin, and the rules for it. */
#ifndef CALQUE_H
#define CALQUE_H

#include <stddef.h>
#include <stdint.h>

/* Rules that hold everywhere, unless a declaration says otherwise
 *
 * Owner     What a plugin describes (calque_plugin and all it points to) is the plugin's: constant, static, valid
 *           for the life of the process. What a call passes in is the caller's: valid until that call returns;
 *           the callee copies what it keeps. The host never frees plugin memory, nor the plugin host memory.
 * Thread    Descriptions: any thread. `create`, `destroy` and `run`: any thread, one at a time per instance;
 *           different instances at once. One instance at once only with CALQUE_REENTRANT. A host object given to
 *           `run` (call, input, builder, rewriter, writer, output) is used on that thread only, until `run`
 *           returns; threads that a plugin starts are joined before it returns and use none of them.
 * Status    Every function of the host returns a status. CALQUE_CANCELLED and CALQUE_LIMIT mean: stop, clean up,
 *           return the same status. CALQUE_MISUSE means that this very call broke the rule stated at the function;
 *           the host has already reported it, nothing was written, and the document fails whatever `run` returns.
 * Text      UTF-8. Offsets count bytes, half-open [begin, end), 32 bit in a document, 64 bit in a source; ends lie
 *           on code-point boundaries. Descriptions hold NUL-ended strings, calls pass calque_str (no NUL needed).
 * Growth    Structs that cross by pointer start with struct_size, the size that their maker compiled. Within a
 *           major, members and functions are only appended: read one only when struct_size covers it. While the
 *           major is 0 the minor must match exactly.
 * Errors    No exception, longjmp or signal crosses this boundary. A run that returns CALQUE_FAILED has reported an
 *           error first; one that did not is itself reported, by name. */

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define CALQUE_CALL __cdecl
#else
#define CALQUE_CALL
#endif

#define CALQUE_ABI_MAJOR 0
#define CALQUE_ABI_MINOR 1
/* The document model (kinds, flags, columns), versioned apart from the ABI. */
#define CALQUE_MODEL 1
#define CALQUE_MAGIC {'C', 'A', 'L', 'Q', 'U', 'E', '\0', '\1'}
/* The one symbol that a plugin exports: `const calque_plugin calque_plugin_v1`. */
#define CALQUE_ENTRY "calque_plugin_v1"
/* "No such thing", for 32-bit indices and ids. */
#define CALQUE_NONE UINT32_MAX

/* ---- Basics ------------------------------------------------------------------------------------------------- */

typedef struct calque_str {
  const char *data; /* may be NULL when size is 0 */
  size_t size;
} calque_str;

typedef int32_t calque_status;
enum {
  CALQUE_OK = 0,
  CALQUE_FAILED = 1,    /* the document cannot be done; an error was reported */
  CALQUE_CANCELLED = 2, /* the host asked to stop */
  CALQUE_LIMIT = 3,     /* a limit of the host was reached; the host has reported which */
  CALQUE_MISUSE = 4,    /* a call broke its rule; the host has reported which */
  CALQUE_BUG = 5,       /* the plugin caught an error of its own; unknown values count as CALQUE_FAILED */
  CALQUE_UNKNOWN = 6,   /* of embed alone: no importer knows the member; nothing was written, the run goes on */
  CALQUE_REFUSED = 7    /* of embed alone: its importer failed, which the host has reported; else as UNKNOWN */
};

/* ---- The document, read by plugins as plain arrays ------------------------------------------------------------
 *
 * Immutable. docs/document-model.md is normative for kinds, attributes and layers. What always holds:
 * - nodes are in pre-order; node 0 is the root and spans all; end[i] is the index after i's last descendant, so
 *   the first child is i + 1, the next sibling end[i], and i is a leaf when end[i] == i + 1 and its kind is a leaf's;
 * - the leaves tile `text` in order: concatenated, they are exactly `text`; a container spans exactly its leaves;
 * - ids are unique in the document, given at import and carried through every rewrite;
 * - origin runs tile `text`: run k covers text_begin[k] up to text_begin[k + 1] (the last: the end of the text). */

/* Kinds of node: CALQUE_KINDS(X) calls X(NAME, name, value, class). Kinds from CALQUE_KIND_NAMED on are names:
 * name (kind - CALQUE_KIND_NAMED) of the document, of the form x.owner/thing; they are containers. */
#define CALQUE_KINDS(X)                     \
  X(DOCUMENT, document, 0, BLOCKS)          \
  X(SECTION, section, 1, BLOCKS)            \
  X(DIVISION, division, 2, BLOCKS)          \
  X(VERSION, version, 3, BLOCKS)            \
  X(ATTACHMENT, attachment, 4, BLOCKS)      \
  X(ASIDE, aside, 5, BLOCKS)                \
  X(PARAGRAPH, paragraph, 8, INLINES)       \
  X(HEADING, heading, 9, INLINES)           \
  X(SUBTITLE, subtitle, 10, INLINES)        \
  X(BLOCK_QUOTE, block_quote, 11, BLOCKS)   \
  X(BULLET_LIST, bullet_list, 12, BLOCKS)   \
  X(ORDERED_LIST, ordered_list, 13, BLOCKS) \
  X(LIST_ITEM, list_item, 14, BLOCKS)       \
  X(DEFINITION_LIST, definition_list, 15, BLOCKS) \
  X(TERM, term, 16, INLINES)                \
  X(DEFINITION, definition, 17, BLOCKS)     \
  X(TABLE, table, 18, BLOCKS)               \
  X(ROW, row, 19, BLOCKS)                   \
  X(CELL, cell, 20, BLOCKS)                 \
  X(CAPTION, caption, 21, INLINES)          \
  X(FIGURE, figure, 22, BLOCKS)             \
  X(LINE_BLOCK, line_block, 23, BLOCKS)     \
  X(LINE, line, 24, INLINES)                \
  X(CODE_BLOCK, code_block, 25, INLINES)    \
  X(RAW_BLOCK, raw_block, 26, INLINES)      \
  X(RULE, rule, 27, INLINES)                \
  X(SPEECH, speech, 32, BLOCKS)             \
  X(SPEAKER, speaker, 33, INLINES)          \
  X(STAGE_DIRECTION, stage_direction, 34, INLINES) \
  X(EMPHASIS, emphasis, 64, INLINES)        \
  X(STRONG, strong, 65, INLINES)            \
  X(UNDERLINE, underline, 66, INLINES)      \
  X(STRIKEOUT, strikeout, 67, INLINES)      \
  X(SUPERSCRIPT, superscript, 68, INLINES)  \
  X(SUBSCRIPT, subscript, 69, INLINES)      \
  X(SMALL_CAPS, small_caps, 70, INLINES)    \
  X(QUOTED, quoted, 71, INLINES)            \
  X(CITATION, citation, 72, INLINES)        \
  X(LINK, link, 73, INLINES)                \
  X(SPAN, span, 74, INLINES)                \
  X(TEXT, text, 128, LEAF)                  \
  X(LINE_BREAK, line_break, 129, LEAF)      \
  X(SOFT_BREAK, soft_break, 130, LEAF)      \
  X(CODE, code, 131, LEAF)                  \
  X(MATH, math, 132, LEAF)                  \
  X(RAW, raw, 133, LEAF)                    \
  X(IMAGE, image, 134, LEAF)                \
  X(ANCHOR, anchor, 135, LEAF)

#define CALQUE_KIND_ENTRY(NAME, name, value, cls) CALQUE_##NAME = value,
enum { CALQUE_KINDS(CALQUE_KIND_ENTRY) CALQUE_KIND_NAMED = 0x8000 };
#undef CALQUE_KIND_ENTRY

/* What a kind may hold. BLOCKS: blocks, or inlines directly (as in a table cell of one line). */
enum { CALQUE_CLASS_BLOCKS = 1, CALQUE_CLASS_INLINES = 2, CALQUE_CLASS_LEAF = 3 };

typedef struct calque_nodes {
  uint32_t count, reserved;
  const uint16_t *kind, *flags; /* flags: 0 in model 1 */
  const uint32_t *id, *end, *text_begin, *text_end;
} calque_nodes;

/* Sparse attributes of nodes, ascending by node index; a key is a name of the document, at most once a node. */
typedef struct calque_attrs {
  uint32_t count, reserved;
  const uint32_t *node, *key, *value_begin, *value_end; /* value: a range of `strings` */
} calque_attrs;

/* Where text came from. `exact`: 1 when the run equals the source's bytes, 0 when the range only covers it. */
typedef struct calque_origins {
  uint32_t count, reserved;
  const uint32_t *text_begin, *source;
  const uint64_t *begin, *end;
  const uint8_t *exact;
} calque_origins;

/* The file that was read, or a member of one (parent). Sources form a tree; source 0 is the input itself. */
typedef struct calque_source {
  uint32_t struct_size, parent; /* parent: CALQUE_NONE for source 0 */
  calque_str name, media_type, encoding;
  uint64_t size;      /* bytes as stored, before decoding */
  uint8_t sha256[32]; /* of those bytes */
} calque_source;

/* Which way an empty span goes when text is put in at its place. */
enum { CALQUE_AFTER = 0, CALQUE_BEFORE = 1 };
/* What became of an annotation's text: unchanged; unchanged but taken out of its order; changed. */
enum { CALQUE_INTACT = 0, CALQUE_MOVED = 1, CALQUE_STALE = 2 };
/* What a change of the text below does to a layer: follow and say so in `state`; drop what is stale; not allowed. */
enum { CALQUE_FOLLOW = 0, CALQUE_DROP = 1, CALQUE_FORBID = 2 };
enum {
  CALQUE_VALUE_TEXT = 0,
  CALQUE_VALUE_INT = 1,    /* decimal */
  CALQUE_VALUE_NUMBER = 2, /* decimal with a point */
  CALQUE_VALUE_BOOL = 3,   /* true, false */
  CALQUE_VALUE_REF = 4,    /* decimal id of another annotation of this document */
  CALQUE_VALUE_NODE = 5    /* decimal id of a node of this document */
};

/* Stand-off annotations, by (begin, end descending, id). Ids are unique over all layers of a document. A layer has
 * names (kinds and keys) and values of its own. node[k] is a node *id*, or CALQUE_NONE; begin and end are then that
 * node's text. Several layers of one name differ in the stage that made them; readers see their union. */
typedef struct calque_layer {
  uint32_t struct_size, on_change;
  calque_str name;  /* "calque.editorial/1" */
  calque_str stage; /* the stage that made it */
  uint32_t name_count, count, value_count, reserved;
  const uint32_t *name_end; /* names lie first in `strings`, one after another */
  calque_str strings;
  const uint32_t *id, *begin, *end, *node, *kind; /* kind: a name */
  const uint8_t *side, *state;
  const uint32_t *value_of, *value_key, *value_begin, *value_end; /* value_of: index k, ascending; key: a name */
  const uint8_t *value_type;
} calque_layer;

/* Images and other blobs; `data` may be a mapped file. */
typedef struct calque_resource {
  uint32_t struct_size, reserved;
  calque_str name, media_type;
  const uint8_t *data;
  uint64_t size;
} calque_resource;

typedef struct calque_document {
  uint32_t struct_size, model;
  calque_str text, strings;
  uint32_t name_count, source_count, layer_count, resource_count;
  const uint32_t *name_end; /* names lie first in `strings`, one after another */
  const calque_source *const *sources;
  calque_nodes nodes;
  calque_attrs attrs;
  calque_origins origins;
  const calque_layer *const *layers;
  const calque_resource *const *resources;
} calque_document;

/* ---- The call: what every run is given ------------------------------------------------------------------------ */

enum { CALQUE_DEBUG = 0, CALQUE_INFO = 1, CALQUE_WARNING = 2, CALQUE_ERROR = 3 };

/* Where a diagnostic points. SPAN: text of the document given, or built so far. NODE: index is a node id.
 * SOURCE: index is a source, begin and end its bytes. OPTION: index is an option of the stage. */
enum { CALQUE_AT_NOTHING = 0, CALQUE_AT_SPAN = 1, CALQUE_AT_NODE = 2, CALQUE_AT_SOURCE = 3, CALQUE_AT_OPTION = 4 };

typedef struct calque_diagnostic {
  uint32_t struct_size;
  int32_t severity;
  calque_str code;          /* one of the stage's code table, or "plugin.exception", which every stage may report */
  calque_str message, hint; /* what was found; what would be right (may be empty) */
  uint32_t place, index;
  uint64_t begin, end;
} calque_diagnostic;

typedef struct calque_call calque_call;
struct calque_call {
  uint32_t struct_size, reserved;
  void *host_data;
  /* An optional service ("calque.archive/1"), or NULL. The host's, valid until run returns. */
  const void *(CALQUE_CALL *get_interface)(const calque_call *, const char *id);
  /* Any number of times; the host copies, and counts instead of repeating beyond a limit. OK, MISUSE (unknown code). */
  calque_status(CALQUE_CALL *report)(const calque_call *, const calque_diagnostic *);
  /* Work done of total (0: unknown). Not needed for cancellation: every call may return it. OK, CANCELLED. */
  calque_status(CALQUE_CALL *progress)(const calque_call *, uint64_t done, uint64_t total);
};

/* ---- Writing annotations: annotators; importers and normalizers through their own object ----------------------- */

typedef struct calque_layer_writer calque_layer_writer;
struct calque_layer_writer {
  uint32_t struct_size, reserved;
  void *host_data;
  /* Opens a layer for writing; the same name gives the same handle. Only layers in the stage's `writes`. OK, MISUSE. */
  calque_status(CALQUE_CALL *open)(calque_layer_writer *, calque_str layer, uint32_t *handle);
  /* An annotation on [begin, end). In any order; overlap is allowed. When begin == end it is a point and `side` says
   * which text it keeps to. In a builder the span lies in the text built so far, in a rewriter in the text given
   * (the host carries it along). *annotation (may be NULL) gets its id. OK, MISUSE (out of range, inside a code
   * point), LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *span)(calque_layer_writer *, uint32_t handle, calque_str kind, uint32_t begin,
                                   uint32_t end, uint32_t side, uint32_t *annotation);
  /* An annotation on a node, by id: of the document given, or one that `begin` has returned. As span. */
  calque_status(CALQUE_CALL *node)(calque_layer_writer *, uint32_t handle, calque_str kind, uint32_t node_id,
                                   uint32_t *annotation);
  /* A value of an annotation made in this run. Keys may repeat. Type: CALQUE_VALUE_*. OK, MISUSE, LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *value)(calque_layer_writer *, uint32_t annotation, calque_str key, uint32_t type,
                                    calque_str value);
};

/* ---- Importers -------------------------------------------------------------------------------------------------- */

typedef struct calque_input calque_input;
struct calque_input {
  uint32_t struct_size, reserved;
  void *host_data;
  calque_str name, media_type; /* name: the file's, without folders; media_type may be empty */
  uint64_t size;
  /* Copies up to `want` bytes from `at` to `to`; *got is smaller only at the end, 0 past it. OK, FAILED, CANCELLED. */
  calque_status(CALQUE_CALL *read)(const calque_input *, uint64_t at, void *to, size_t want, size_t *got);
  /* All bytes at once, the host's, until run returns. OK, FAILED, LIMIT (too big to hold), CANCELLED. */
  calque_status(CALQUE_CALL *map)(const calque_input *, calque_str *whole);
};

/* ---- Archives: the service "calque.archive/1" -------------------------------------------------------------------
 *
 * For importers whose input is a ZIP archive. The host alone reads it, within the limits of the pipeline. What makes
 * an archive as a whole doubtful (members that share bytes, two of one name, a damaged directory) fails the run. What
 * makes one member doubtful (a name that climbs, is absolute, holds a backslash or is no text; a link) is reported as
 * a warning, and the member is not listed; nor are folders. All that is given out is the host's, until run returns. */

enum { CALQUE_MEMBER_ENCRYPTED = 1 /* it is listed, but cannot be read */ };

typedef struct calque_archive_member {
  uint32_t struct_size, flags; /* CALQUE_MEMBER_* */
  calque_str name;             /* '/' between folders; decoded as the archive says, else as UTF-8 or code page 437 */
  uint64_t size, packed_size;  /* as the archive says */
} calque_archive_member;

/* An archive that `open` has opened. */
typedef struct calque_archive calque_archive;
struct calque_archive {
  uint32_t struct_size, member_count;
  void *host_data;
  const calque_archive_member *const *members; /* in the archive's order; no two have one name */
  /* All bytes of a member: the host's, until `release` or until run returns. Another read of a member that is held
   * gives the same bytes. FAILED: damaged, encrypted, packed in an unknown way; the host has reported which, and the
   * document fails. OK, FAILED, LIMIT, MISUSE (no such member), CANCELLED. */
  calque_status(CALQUE_CALL *read)(const calque_archive *, uint32_t member, calque_str *bytes);
  /* Gives the bytes of a member back, for as often as they were read. OK, MISUSE (they are not held). */
  calque_status(CALQUE_CALL *release)(const calque_archive *, uint32_t member);
};

/* What get_interface("calque.archive/1") gives: a `const calque_archive_service *`. */
typedef struct calque_archive_service calque_archive_service;
struct calque_archive_service {
  uint32_t struct_size, reserved;
  void *host_data;
  /* The archive that the input is. Again: the same one. OK, FAILED (it is none, or damaged), LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *open)(const calque_archive_service *, const calque_archive **archive);
  /* The archive that a member is. Again: the same one. Counts to the limits on depth and size like the first.
   * OK, FAILED, LIMIT, MISUSE (no such member), CANCELLED. */
  calque_status(CALQUE_CALL *open_member)(const calque_archive_service *, const calque_archive *outer, uint32_t member,
                                          const calque_archive **archive);
};

/* What is known of an input before it is opened. */
typedef struct calque_probe {
  uint32_t struct_size, member_count;
  calque_str name, media_type, head; /* head: up to 64 KiB */
  uint64_t size;
  const calque_str *members; /* names in an archive, where the host has listed them */
} calque_probe;

/* Makes documents. Calls build a tree in reading order; the host checks each one and copies all bytes.
 * Ledger: when run returns, the origins and skips of every source that was read byte by byte (flag
 * CALQUE_TILED) must tile it: each byte in exactly one of them. */
typedef struct calque_builder calque_builder;
struct calque_builder {
  uint32_t struct_size, reserved;
  void *host_data;
  calque_layer_writer *layers; /* marks; limited to the stage's `writes` */
  /* Says how source 0, or a member made by `member`, is encoded ("UTF-8", "windows-1252"). OK, MISUSE. */
  calque_status(CALQUE_CALL *encoding)(calque_builder *, uint32_t source, calque_str encoding);
  /* Adds a source below `parent`; the host digests `bytes`. *source gets its index. OK, MISUSE, LIMIT. */
  calque_status(CALQUE_CALL *member)(calque_builder *, uint32_t parent, calque_str name, calque_str media_type,
                                     calque_str bytes, uint32_t *source);
  /* The number of a named kind (x.owner/thing), or of a core kind by name. OK, MISUSE, LIMIT. */
  calque_status(CALQUE_CALL *kind)(calque_builder *, calque_str name, uint16_t *kind);
  /* Opens a container within the open one (the first: within the root, which is always open). *id may be NULL. */
  calque_status(CALQUE_CALL *begin)(calque_builder *, uint16_t kind, uint32_t *id);
  /* Opens an aside: note, alt, comment, reading. Its anchor is the leaf with that id; it stands after its block. */
  calque_status(CALQUE_CALL *aside)(calque_builder *, calque_str role, uint32_t anchor_id, uint32_t *id);
  /* Opens a field: metadata, keyed by a Dublin Core term in snake_case or calque.*; language: BCP 47 or empty.
   * Fields come before the first block of a part. */
  calque_status(CALQUE_CALL *field)(calque_builder *, calque_str key, calque_str language, uint32_t *id);
  /* Closes what begin, aside or field opened last. OK, MISUSE (nothing open). */
  calque_status(CALQUE_CALL *end)(calque_builder *);
  /* A new leaf of that kind with text from bytes [begin, end) of the source; equal bytes make the origin exact. */
  calque_status(CALQUE_CALL *text)(calque_builder *, uint16_t kind, calque_str bytes, uint32_t source,
                                   uint64_t begin, uint64_t end, uint32_t *id);
  /* Continues the leaf that text made last, with bytes of another origin. OK, MISUSE, LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *more)(calque_builder *, calque_str bytes, uint32_t source, uint64_t begin, uint64_t end);
  /* An attribute of the node that was opened or written last. At most once a key. OK, MISUSE, LIMIT. */
  calque_status(CALQUE_CALL *attr)(calque_builder *, calque_str key, calque_str value);
  /* Bytes of a source that are in no leaf, with a code of the stage that says why. OK, MISUSE. */
  calque_status(CALQUE_CALL *skip)(calque_builder *, uint32_t source, uint64_t begin, uint64_t end, calque_str code);
  /* A blob; the name is unique in the part, without '..' or a leading '/'. OK, MISUSE, LIMIT. */
  calque_status(CALQUE_CALL *resource)(calque_builder *, calque_str name, calque_str media_type, calque_str bytes);
  /* The size of the text of this part so far, for marks. OK. */
  calque_status(CALQUE_CALL *position)(calque_builder *, uint32_t *at);
  /* Ends this part (nothing open) and begins an independent document; sources and skips go on. OK, MISUSE, LIMIT. */
  calque_status(CALQUE_CALL *next_part)(calque_builder *);
  /* Countables seen on the raw source, for formats whose bytes do not tile. thing: CALQUE_THING_*. OK, MISUSE. */
  calque_status(CALQUE_CALL *seen)(calque_builder *, uint32_t thing, uint64_t count);
  /* Hands a member of source `parent` to the host, which imports it by the importer that knows it best (a probe of 10
   * or more). An empty media_type: the host goes by the name and the first bytes, as it does for files. Its documents become parts behind the one that is being written; it is a source of its own below
   * `parent`, whose bytes the caller skips with a code as any others. Needs CALQUE_EMBEDS. When nobody takes it, the
   * caller keeps the bytes (as a resource) or says with a code that it does not.
   * OK, UNKNOWN, REFUSED, MISUSE, LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *embed)(calque_builder *, uint32_t parent, calque_str name, calque_str media_type,
                                    calque_str bytes);
};

/* ---- Normalizers -------------------------------------------------------------------------------------------------
 *
 * Two modes, not mixed in one run. Both name text by leaf (node *index* in the document given) and span (offsets
 * in its text). Whatever is neither kept nor named with a code fails the document. A run that calls nothing
 * keeps the document as it is.
 *
 * Edit     `edit` in ascending order, within one leaf; the structure is kept.
 * Rebuild  begins with `rebuild`; then the tree is written anew, in output order. `copy` is done by the host, so
 *          kept text cannot be misreported. Text must be copied, replaced, or dropped, exactly once, except that a
 *          copy with a code may repeat or move. */
typedef struct calque_rewriter calque_rewriter;
struct calque_rewriter {
  uint32_t struct_size, reserved;
  void *host_data;
  calque_layer_writer *layers; /* marks in the text given; limited to the stage's `writes` */
  /* Replaces [begin, end) of a leaf (empty: inserts; empty replacement: deletes), with a code. Ascending; a second
   * edit may begin where the first ended. OK, MISUSE (order, range, code), LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *edit)(calque_rewriter *, uint32_t leaf, uint32_t begin, uint32_t end,
                                   calque_str replacement, calque_str code);
  /* Chooses rebuild mode; first call. OK, MISUSE. */
  calque_status(CALQUE_CALL *rebuild)(calque_rewriter *);
  /* The number of a kind, as in the builder. */
  calque_status(CALQUE_CALL *kind)(calque_rewriter *, calque_str name, uint16_t *kind);
  /* Opens an output container. `like`: the input node (index) that it continues, whose id, attributes and
   * annotations it takes, once; or CALQUE_NONE. *id may be NULL. */
  calque_status(CALQUE_CALL *begin)(calque_rewriter *, uint16_t kind, uint32_t like, uint32_t *id);
  calque_status(CALQUE_CALL *end)(calque_rewriter *);
  /* Copies part of a leaf as a leaf of the same kind; the first piece of a leaf takes its id. Without a code the text
   * is in order: not before the text that was copied without a code last. With one it is moved or repeated. */
  calque_status(CALQUE_CALL *copy)(calque_rewriter *, uint32_t leaf, uint32_t begin, uint32_t end, calque_str code);
  /* Copies a whole subtree. As copy. */
  calque_status(CALQUE_CALL *copy_tree)(calque_rewriter *, uint32_t node, calque_str code);
  /* New text in a leaf of its own, because of [begin, end) of a leaf given: replaces that stretch (empty: inserts
   * there). */
  calque_status(CALQUE_CALL *text)(calque_rewriter *, uint16_t kind, calque_str bytes, uint32_t leaf,
                                   uint32_t begin, uint32_t end, calque_str code, uint32_t *id);
  /* Sets an attribute of the output node written last; an empty value with NULL data removes it. */
  calque_status(CALQUE_CALL *attr)(calque_rewriter *, calque_str key, calque_str value);
  /* Leaves out part of a leaf. */
  calque_status(CALQUE_CALL *drop)(calque_rewriter *, uint32_t leaf, uint32_t begin, uint32_t end, calque_str code);
  /* Leaves out a whole subtree, text and structure. */
  calque_status(CALQUE_CALL *drop_tree)(calque_rewriter *, uint32_t node, calque_str code);
  /* Leaves out one node but not what it holds (a heading that becomes a paragraph). Needed for countable nodes only. */
  calque_status(CALQUE_CALL *unwrap)(calque_rewriter *, uint32_t node, calque_str code);
};

/* ---- Exporters ---------------------------------------------------------------------------------------------------
 *
 * Files go to the host, which checks their paths, writes them aside and publishes all of them or none.
 * Ledger: each node, and each annotation of a countable layer (pages, languages), is either emitted or not
 * expressed with a code. Nodes are named by ranges of indices, annotations by layer index and range. */
enum { CALQUE_PRIMARY = 1 /* the file that is printed or piped; the first one if none has it */ };

typedef struct calque_output calque_output;
struct calque_output {
  uint32_t struct_size, reserved;
  void *host_data;
  /* A new file. path: relative, '/' between folders, no '..', no second one that differs only in case; empty for
   * the name that the pipeline gives. *file is a handle. OK, MISUSE, LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *create)(calque_output *, calque_str path, calque_str media_type, uint32_t flags,
                                     uint32_t *file);
  /* Takes all bytes or fails. OK, FAILED, LIMIT, CANCELLED. */
  calque_status(CALQUE_CALL *write)(calque_output *, uint32_t file, calque_str bytes);
  calque_status(CALQUE_CALL *close)(calque_output *, uint32_t file);
  calque_status(CALQUE_CALL *emitted)(calque_output *, uint32_t first_node, uint32_t end_node);
  calque_status(CALQUE_CALL *not_expressed)(calque_output *, uint32_t first_node, uint32_t end_node, calque_str code);
  calque_status(CALQUE_CALL *marks_emitted)(calque_output *, uint32_t layer, uint32_t first, uint32_t end);
  calque_status(CALQUE_CALL *marks_not_expressed)(calque_output *, uint32_t layer, uint32_t first, uint32_t end,
                                                  calque_str code);
};

/* ---- Options ------------------------------------------------------------------------------------------------------ */

enum {
  CALQUE_BOOL = 0,
  CALQUE_INT = 1,
  CALQUE_FLOAT = 2,
  CALQUE_STRING = 3,
  CALQUE_ENUM = 4,    /* one of `choices` */
  CALQUE_PATH = 5,    /* relative to the pipeline file; the host makes it absolute */
  CALQUE_SIZE = 6,    /* "2 MiB", in bytes */
  CALQUE_DURATION = 7 /* "2 s", in milliseconds */
};
enum { CALQUE_REQUIRED = 1, CALQUE_LIST = 2, CALQUE_DEPRECATED = 4 };

typedef struct calque_option {
  const char *name, *summary;
  const char *default_value;  /* TOML text; NULL: none. One that does not parse refuses the plugin. */
  const char *const *choices; /* NULL-ended, for CALQUE_ENUM */
  double min, max;            /* of numbers, sizes and durations; min > max: no bounds */
  uint32_t type, flags;
} calque_option;

typedef struct calque_value {
  uint32_t type, is_set; /* is_set: 1 when the pipeline gave it, 0 for the default, or for nothing at all */
  int64_t i;             /* INT, BOOL (0, 1), SIZE, DURATION, ENUM (index of the choice) */
  double f;
  calque_str text; /* STRING, PATH, ENUM */
  uint32_t item_count, line; /* line: in the pipeline file, 0 if none */
  const struct calque_value *items; /* of a LIST */
} calque_value;

/* values[k] belongs to options[k] of the stage. The host's, valid during create. */
typedef struct calque_config {
  uint32_t struct_size, count;
  uint32_t value_stride, reserved;
  const calque_value *values;
} calque_config;

/* ---- The description ---------------------------------------------------------------------------------------------- */

/* What a code speaks of, and what it does to it. */
enum {
  CALQUE_THING_TEXT = 0,
  CALQUE_THING_NOTE = 1,
  CALQUE_THING_TABLE = 2,
  CALQUE_THING_IMAGE = 3,
  CALQUE_THING_LINK = 4,
  CALQUE_THING_PAGE = 5,
  CALQUE_THING_SPAN = 6,
  CALQUE_THING_FIELD = 7,
  CALQUE_THING_LAYER = 8,
  CALQUE_THING_HEADING = 9,
  CALQUE_THING_ITEM = 10,
  CALQUE_THING_LANGUAGE = 11
};
enum { CALQUE_EFFECT_NONE = 0, CALQUE_EFFECT_CHANGED = 1, CALQUE_EFFECT_DROPPED = 2 };

typedef struct calque_code {
  const char *code, *help; /* "record.field-label"; one or two sentences for `calque explain` */
  uint32_t thing, effect;
  int32_t severity;
  uint32_t reserved;
} calque_code;

typedef struct calque_stage calque_stage;

/* The role functions. `instance` is what create made. */
typedef struct calque_importer_ops {
  uint32_t struct_size, reserved;
  /* How well this stage reads that input, 0 (not at all) to 100 (made for it). Pure; no instance, any thread. */
  int32_t(CALQUE_CALL *probe)(const calque_probe *);
  calque_status(CALQUE_CALL *run)(void *instance, const calque_call *, const calque_input *, calque_builder *);
} calque_importer_ops;

typedef struct calque_normalizer_ops {
  uint32_t struct_size, reserved;
  calque_status(CALQUE_CALL *run)(void *instance, const calque_call *, const calque_document *, calque_rewriter *);
} calque_normalizer_ops;

typedef struct calque_annotator_ops {
  uint32_t struct_size, reserved;
  calque_status(CALQUE_CALL *run)(void *instance, const calque_call *, const calque_document *,
                                  calque_layer_writer *);
} calque_annotator_ops;

typedef struct calque_exporter_ops {
  uint32_t struct_size, reserved;
  calque_status(CALQUE_CALL *run)(void *instance, const calque_call *, const calque_document *, calque_output *);
} calque_exporter_ops;

enum {
  CALQUE_REENTRANT = 1, /* run may be called on one instance from several threads */
  CALQUE_VOLATILE = 2,  /* the result depends on more than input and options: never cached */
  CALQUE_TILED = 4,     /* importers: origins and skips tile source 0 */
  CALQUE_EMBEDS = 8     /* importers: may call embed, so that the host has all importers at hand */
};

/* A stage is (role, id). Ids: "calque.markdown"; third parties use reverse-domain names. All lists end with NULL and
 * may be NULL. */
struct calque_stage {
  uint32_t struct_size, flags;
  const char *id, *version, *summary;
  uint32_t option_count, option_stride;
  const calque_option *options;
  uint32_t code_count, code_stride;
  const calque_code *codes;           /* every code that it can report, skip, edit, drop or not express with */
  const char *const *accepts;         /* importers: media types and globs read; exporters: media types and globs made */
  const char *const *required_layers; /* must have been written by an earlier stage */
  const char *const *used_layers;     /* read where present */
  const char *const *written_layers;
  const char *const *needs; /* "file:/usr/share/tesseract-ocr", "fonts", "exec:apertium", "net:" */
  /* Makes an instance from checked options. On failure it reports (an option by place) and sets nothing.
   * OK, FAILED, BUG. */
  calque_status(CALQUE_CALL *create)(const calque_stage *, const calque_config *, const calque_call *,
                                     void **instance);
  void(CALQUE_CALL *destroy)(void *instance);
  const calque_importer_ops *importer; /* exactly one of the four is set; that is the role */
  const calque_normalizer_ops *normalizer;
  const calque_annotator_ops *annotator;
  const calque_exporter_ops *exporter;
};

typedef struct calque_plugin {
  char magic[8]; /* CALQUE_MAGIC */
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; /* the lowest minor that the plugin needs */
  const char *name, *version, *license, *url, *built_with;
  uint32_t stage_count, reserved;
  const calque_stage *const *stages;
} calque_plugin;

#ifdef __cplusplus
}
#endif

#endif
