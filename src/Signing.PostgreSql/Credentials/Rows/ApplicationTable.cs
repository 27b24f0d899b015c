using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

internal sealed class ApplicationTable() : RowTable("application")
{
    public override async Task<ChangeStatus> CheckStoredAsync(DatabaseSession session, IStoredRow row, IStoredRow? earlier, CancellationToken cancellationToken)
    {
        var application = (ApplicationRecord)row;
        NpgsqlCommand command = session.Command("application.check")
            .Text("id", application.Id).Text("workspace_id", application.WorkspaceId).Text("bundle_id", StoredText.KeptOrNull(application.BundleId));
        bool[] answers = await command.AskAsync(cancellationToken).ConfigureAwait(false);
        return answers switch
        {
            [false, _, _] => ChangeStatus.NotFound,

            // Its credentials are seen and refused by their workspace, so it cannot leave with them behind.
            [_, true, _] => ChangeStatus.NotEmpty,
            [_, _, true] => ChangeStatus.BundleIdTaken,
            _ => ChangeStatus.Changed,
        };
    }

    public override DateTimeOffset CreatedOf(IStoredRow row) => ((ApplicationRecord)row).Created.At;

    protected override IStoredRow Read(Columns columns) => new ApplicationRecord
    {
        Id = columns.Text(),
        Version = columns.Long(),
        WorkspaceId = columns.Text(),
        Name = columns.Text(),
        BundleId = columns.TextOrNull(),
        Description = columns.TextOrNull(),
        ConnectedApis = columns.Texts(),
        Status = (StoredStatus)columns.Small(),
        Created = columns.Stamp(),
    };

    protected override void AddColumns(NpgsqlCommand command, IStoredRow row)
    {
        var application = (ApplicationRecord)row;
        command.Text("id", application.Id)
            .Long("version", application.Version)
            .Text("workspace_id", StoredText.Kept(application.WorkspaceId))
            .Text("name", StoredText.Kept(application.Name))
            .Text("bundle_id", StoredText.KeptOrNull(application.BundleId))
            .Text("description", StoredText.KeptOrNull(application.Description))
            .Texts("connected_apis", application.ConnectedApis)
            .Small("status", (int)application.Status)
            .Instant("created_at", application.Created.At)
            .Text("created_by", StoredText.Kept(application.Created.By))
            .Text("search", StoredText.Search(application.Id, application.Name, application.BundleId));
    }
}
