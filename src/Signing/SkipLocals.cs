using System.Runtime.CompilerServices;

// Scratch space on the stack is written before it is read, so zeroing it first is work for nothing: a verification has
// about a kilobyte of it.
[module: SkipLocalsInit]
