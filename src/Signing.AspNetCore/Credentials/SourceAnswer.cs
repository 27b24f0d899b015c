namespace Signing.AspNetCore;

/// <summary>What a source says to a question.</summary>
/// <param name="Status"><see cref="CredentialStatus.None"/> if there is a row, which is not evaluated yet; else why there is none.</param>
/// <param name="Row">The credential or sharing key, if there is one.</param>
internal readonly record struct SourceAnswer<T>(CredentialStatus Status, T? Row)
    where T : class
{
    public bool IsUnavailable => Status == CredentialStatus.CredentialStoreUnavailable;

    public static SourceAnswer<T> Of(T? row) => new(row is null ? CredentialStatus.UnknownKey : CredentialStatus.None, row);
}
