namespace Signing;

/// <summary>Why two values of one component differ: the cause, and how the sentence about it goes on.</summary>
internal readonly record struct Finding(MismatchCause Cause, string Why);
