using System.Globalization;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>What a list is asked for, read from its query.</summary>
internal sealed record ListFilter(RowQuery Rows, string? State, KeyHealth Health)
{
    private const int MaxText = 200;

    /// <summary>Reads a query; whether its ids are visible is not looked at.</summary>
    /// <returns>The filter, or <see langword="null"/> if a value is not one that lists know, or this list has no such filter.</returns>
    public static ListFilter? Read(ListQuery query, TakenFilters taken)
    {
        CredentialKind kind = CredentialKind.None;
        KeyHealth health = KeyHealth.None;
        int limit = new RowQuery().Limit;
        if ((IsGiven(query.Kind) && !Word.TryRead(query.Kind, out kind))
            || (IsGiven(query.Health) && !Word.TryRead(query.Health, out health))
            || (IsGiven(query.State) && !taken.States.Contains(query.State, StringComparer.Ordinal))
            || (IsGiven(query.Limit) && !(int.TryParse(query.Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= RowQuery.MaxLimit))
            || query.Text?.Length > MaxText
            || (taken.Fields < ListFields.Usual && (IsGiven(query.Text) || IsGiven(query.After) || IsGiven(query.Limit)))
            || (taken.Fields < ListFields.Application && IsGiven(query.Application))
            || (taken.Fields < ListFields.Credentials && (IsGiven(query.Parent) || IsGiven(query.Kind) || IsGiven(query.Health))))
        {
            return null;
        }

        var rows = new RowQuery
        {
            WorkspaceIds = IsGiven(query.Workspace) ? [query.Workspace!] : null,
            ApplicationId = Given(query.Application),
            ParentId = Given(query.Parent),
            Kind = kind,
            Text = Given(query.Text),
            After = Given(query.After),
            Limit = limit,
        };
        return new ListFilter(rows, Given(query.State), health);
    }

    private static bool IsGiven(string? value) => !string.IsNullOrEmpty(value);

    private static string? Given(string? value) => IsGiven(value) ? value : null;
}
