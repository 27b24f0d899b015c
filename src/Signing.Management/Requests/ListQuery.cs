using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Signing.Management;

/// <summary>The filters of a list as they were sent; each is read by <see cref="ListFilter"/>.</summary>
internal sealed record ListQuery
{
    [FromQuery(Name = "workspace"), Description("The id of the workspace whose rows are wanted.")]
    public string? Workspace { get; init; }

    [FromQuery(Name = "application"), Description("Of credentials and the audit: the id of the application whose credentials are wanted, or the events of itself and of the credentials that it has.")]
    public string? Application { get; init; }

    [FromQuery(Name = "parent"), Description("Of credentials: the id of the KeyPair whose long-lived tokens are wanted.")]
    public string? Parent { get; init; }

    [FromQuery(Name = "kind"), Description("Of credentials: keyPair or apiToken.")]
    public string? Kind { get; init; }

    [FromQuery(Name = "state"), Description("Of applications, credentials and sharing keys: a state of the rows, such as active, expired or revoked.")]
    public string? State { get; init; }

    [FromQuery(Name = "health"), Description("Of credentials: neverExpires, idle, overdue or retiringSecretInUse.")]
    public string? Health { get; init; }

    [FromQuery(Name = "q"), Description("A text that name, id, Key or bundle id contain, or actor, action or target of an event, in any case.")]
    public string? Text { get; init; }

    [FromQuery(Name = "after"), Description("The next of the page before.")]
    public string? After { get; init; }

    [FromQuery(Name = "limit"), Description("The most rows wanted: 1 to 200, 50 unless set.")]
    public string? Limit { get; init; }
}
