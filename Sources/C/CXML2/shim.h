// xmlversion.h first, without ICU: its headers clash with the ones inside Foundation.
#pragma once
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <libxml/xmlschemas.h>

/// `xmlFree` is a mutable global function pointer, which Swift 6 refuses to read.
static inline void nabat_xml_free(void *_Nullable memory) { xmlFree(memory); }
