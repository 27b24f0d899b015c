-- Unless another node has sealed it anew meanwhile.
UPDATE signing.master_key SET sealed = @later WHERE version = @version AND sealed = @earlier;
