# CPack runs this before it packs the files. It arranges the documents as Debian's policy requires.
set(doc ${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/share/doc)
file(RENAME ${doc}/ctgan ${doc}/libctgan-dev)
set(doc ${doc}/libctgan-dev)

file(READ ${doc}/LICENSE license)
string(STRIP "${license}" license)
string(REPLACE "\n\n" "\n.\n" license "${license}")
string(REPLACE "\n" "\n " license "${license}")
file(WRITE ${doc}/copyright
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ctgan

Files: *
Copyright: 2026 the ctgan authors
License: Expat
 ${license}
")
file(REMOVE ${doc}/LICENSE)

# Two changelogs: ctgan's is CHANGELOG.md, and the package's just names the packaged version.
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog.Debian
"${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=low

  * Version ${CPACK_PACKAGE_VERSION}, packaged by CPack; changelog.gz lists the changes.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
find_program(gzip gzip REQUIRED)
execute_process(COMMAND ${gzip} -9n ${doc}/changelog ${doc}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
