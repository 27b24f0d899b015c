using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

internal sealed class WorkspaceTable() : RowTable("workspace")
{
    public override Task<ChangeStatus> CheckStoredAsync(DatabaseSession session, IStoredRow row, IStoredRow? earlier, CancellationToken cancellationToken) =>
        Task.FromResult(ChangeStatus.Changed);

    public override DateTimeOffset CreatedOf(IStoredRow row) => ((WorkspaceRecord)row).Created.At;

    protected override IStoredRow Read(Columns columns) => new WorkspaceRecord
    {
        Id = columns.Text(),
        Version = columns.Long(),
        Name = columns.Text(),
        Enabled = columns.Flag(),
        Disclosure = (SecretDisclosure)columns.Small(),
        BundleIdRequired = columns.Flag(),
        DefaultLifetime = columns.DurationOrNull(),
        RotationAge = columns.Duration(),
        RotationOverlap = columns.Duration(),
        Created = columns.Stamp(),
    };

    protected override void AddColumns(NpgsqlCommand command, IStoredRow row)
    {
        var workspace = (WorkspaceRecord)row;
        command.Text("id", workspace.Id)
            .Long("version", workspace.Version)
            .Text("name", StoredText.Kept(workspace.Name))
            .Flag("enabled", workspace.Enabled)
            .Small("disclosure", (int)workspace.Disclosure)
            .Flag("bundle_id_required", workspace.BundleIdRequired)
            .Duration("default_lifetime", workspace.DefaultLifetime)
            .Duration("rotation_age", workspace.RotationAge)
            .Duration("rotation_overlap", workspace.RotationOverlap)
            .Instant("created_at", workspace.Created.At)
            .Text("created_by", StoredText.Kept(workspace.Created.By))
            .Text("search", StoredText.Search(workspace.Id, workspace.Name));
    }
}
