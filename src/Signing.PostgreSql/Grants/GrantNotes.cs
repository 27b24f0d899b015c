using System.Globalization;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Notes that say which grants were revoked: one, or all of an owner.</summary>
internal static class GrantNotes
{
    public static ChangeNote Of(UInt128 id) => new(ChangeKind.Grant, id.ToString("x32", CultureInfo.InvariantCulture));

    public static ChangeNote Of(GrantOwner owner, string value) => new(ChangeKind.GrantsOfOwner, $"{((int)owner).ToString(CultureInfo.InvariantCulture)} {value}");

    public static bool TryRead(string subject, out UInt128 id) => UInt128.TryParse(subject, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);

    public static bool TryRead(string subject, out GrantOwner owner, out string value)
    {
        int space = subject.IndexOf(' ', StringComparison.Ordinal);
        bool isOwner = int.TryParse(subject.AsSpan(0, Math.Max(0, space)), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && Enum.IsDefined((GrantOwner)number);
        owner = isOwner ? (GrantOwner)number : GrantOwner.None;
        value = subject[(space + 1)..];
        return isOwner;
    }
}
