using System.Buffers;
using System.Text;

namespace Signing.AspNetCore;

/// <summary>What the rows of the credential store may hold, before they are stored; what must be unique is for the store to say.</summary>
public static class RecordRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The longest bundle or package id, in characters.</summary>
    public const int MaxBundleIdLength = 256;

    /// <summary>The longest description or reason, in characters.</summary>
    public const int MaxTextLength = 2000;

    /// <summary>The most scopes of a credential, and the most connected APIs of an application.</summary>
    public const int MaxListEntries = 64;

    /// <summary>The longest scope and the longest name of an API, in characters.</summary>
    public const int MaxEntryLength = 128;

    /// <summary>The longest lifetime and rotation age: 3,650 days.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(3650);

    // RFC 6749 §3.3: what a scope may consist of; the names of APIs stand in the same lists.
    private static readonly SearchValues<char> EntryCharacters = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Checks a workspace.</summary>
    /// <param name="workspace">The row.</param>
    /// <returns><see cref="ChangeStatus.Changed"/> if it may be stored; else the first reason why not.</returns>
    public static ChangeStatus Check(WorkspaceRecord workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (!IsName(workspace.Name, MaxNameLength))
        {
            return ChangeStatus.NameInvalid;
        }

        bool isInRange = (workspace.DefaultLifetime is null || IsDuration(workspace.DefaultLifetime.Value, MaxDuration))
            && IsDuration(workspace.RotationAge, MaxDuration)
            && (workspace.RotationOverlap == TimeSpan.Zero || IsDuration(workspace.RotationOverlap, CredentialRules.MaxOverlap));
        return isInRange ? ChangeStatus.Changed : ChangeStatus.DurationInvalid;
    }

    /// <summary>Checks an application.</summary>
    /// <param name="application">The row.</param>
    /// <param name="workspace">Its workspace.</param>
    /// <returns><see cref="ChangeStatus.Changed"/> if it may be stored; else the first reason why not.</returns>
    public static ChangeStatus Check(ApplicationRecord application, WorkspaceRecord workspace)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(workspace);
        if (!IsName(application.Name, MaxNameLength))
        {
            return ChangeStatus.NameInvalid;
        }

        if (application.BundleId is null && workspace.BundleIdRequired)
        {
            return ChangeStatus.BundleIdMissing;
        }

        if (application.BundleId is not null && !IsName(application.BundleId, MaxBundleIdLength))
        {
            return ChangeStatus.BundleIdInvalid;
        }

        if (application.Description?.Length > MaxTextLength)
        {
            return ChangeStatus.TextTooLong;
        }

        return IsList(application.ConnectedApis) ? ChangeStatus.Changed : ChangeStatus.ListInvalid;
    }

    /// <summary>Checks a credential.</summary>
    /// <param name="credential">The row.</param>
    /// <returns><see cref="ChangeStatus.Changed"/> if it may be stored; else the first reason why not.</returns>
    public static ChangeStatus Check(CredentialRecord credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (!IsName(credential.Name, MaxNameLength))
        {
            return ChangeStatus.NameInvalid;
        }

        if (!CredentialFormat.IsEnvironment(credential.Environment))
        {
            return ChangeStatus.EnvironmentInvalid;
        }

        if (!IsList(credential.Scopes))
        {
            return ChangeStatus.ListInvalid;
        }

        if (credential.Expires <= credential.NotBefore)
        {
            return ChangeStatus.EndInvalid;
        }

        return credential.RevokedFor?.Length > MaxTextLength ? ChangeStatus.TextTooLong : ChangeStatus.Changed;
    }

    /// <summary>Checks a sharing key.</summary>
    /// <param name="sharingKey">The row.</param>
    /// <returns><see cref="ChangeStatus.Changed"/> if it may be stored; else the first reason why not.</returns>
    public static ChangeStatus Check(SharingKeyRecord sharingKey)
    {
        ArgumentNullException.ThrowIfNull(sharingKey);
        if (!IsName(sharingKey.Name, MaxNameLength))
        {
            return ChangeStatus.NameInvalid;
        }

        return IsList(sharingKey.Scopes) ? ChangeStatus.Changed : ChangeStatus.ListInvalid;
    }

    internal static bool IsEntry(string? entry) =>
        entry is { Length: > 0 and <= MaxEntryLength } && !entry.AsSpan().ContainsAnyExcept(EntryCharacters);

    // Anything that people can read, in any script: it is for pages to show it as text. A half of a surrogate pair is none.
    private static bool IsName(string name, int maxLength) =>
        name.Length > 0 && name.Length <= maxLength && !name.Any(char.IsControl) && name.AsSpan().Trim().Length == name.Length && IsWellFormed(name);

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private static bool IsList(IReadOnlyList<string> entries) =>
        entries.Count <= MaxListEntries
        && entries.Distinct(StringComparer.Ordinal).Count() == entries.Count
        && entries.All(IsEntry);

    private static bool IsDuration(TimeSpan duration, TimeSpan most) => duration > TimeSpan.Zero && duration <= most;
}
