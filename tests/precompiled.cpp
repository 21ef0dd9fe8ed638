// Empty: the target with the precompiled header of the suites (CMakeLists.txt) needs a source file.
