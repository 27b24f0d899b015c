namespace Signing.Tests.Reference;

/// <summary>How the reference ends a verification: with one status, from wherever it stands.</summary>
public sealed class RefusalException(SignatureStatus status, string reason) : Exception($"{status}: {reason}")
{
    public SignatureStatus Status { get; } = status;
}
