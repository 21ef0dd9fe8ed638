# Run by CPack on the files of the package, before they are packed: the documents as Debian's policy wants them.
set(doc ${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/share/doc)
file(RENAME ${doc}/ctgan ${doc}/libctgan-dev)
set(doc ${doc}/libctgan-dev)

file(READ ${doc}/LICENSE licence)
string(STRIP "${licence}" licence)
string(REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REPLACE "\n" "\n " licence "${licence}")
file(WRITE ${doc}/copyright
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ctgan

Files: *
Copyright: 2026 the ctgan authors
License: Expat
 ${licence}
")
file(REMOVE ${doc}/LICENSE)

# Of CHANGELOG.md, and of the package: that says no more than which version it packs.
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog.Debian
"${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=low

  * Version ${CPACK_PACKAGE_VERSION}, as CPack packs it; changelog.gz says what is new.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
find_program(gzip gzip REQUIRED)
execute_process(COMMAND ${gzip} -9n ${doc}/changelog ${doc}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
