// Empty: the target that owns the precompiled header of the suites (CMakeLists.txt) needs a file.
